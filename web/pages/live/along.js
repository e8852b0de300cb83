// A walk that the reader's browser takes: a class to choose, and a slider along the steps while they are being taken.
import { dial } from './dial.js';
import { choice, file, first } from './tools.js';

/** @import { Frame } from '../../lab/attack.js' */
/** @import { Shown } from './dial.js' */

/**
 * @param {HTMLElement} board
 * @param {object} options
 * @param {string} options.question What the choice asks, as in "Make it a".
 * @param {string[]} options.classes What may be chosen. The walk begins with the first.
 * @param {string} [options.beside] A class whose curve is drawn as well.
 * @param {string[]} options.names Of the 1000 classes.
 * @param {number[]} options.steps Those that the walk shows.
 * @param {(target: number) => AsyncGenerator<Frame>} options.walk
 * @param {(frame: Frame, words: string) => Shown[]} options.shown The first of them can be saved.
 * @param {(words: string) => void} options.say
 * @returns What begins the walk again.
 */
export function along(board, { question, classes, beside, names, steps, walk, shown, say }) {
  const wanted = choice(question, classes);
  const curves = [classes[0], ...(beside ? [beside] : [])];
  board.append(wanted.label);
  let frames = walk(names.indexOf(curves[0]));
  /** @param {number} step They are asked for one after the other. */
  const ask = async (step) => {
    const { value } = await frames.next();
    if (value?.step !== step) throw new Error('The steps have lost their order. Load the page again.');
    const pictures = shown(value, `step ${step}\n${first(value.probabilities, names)}`);
    return {
      shown: pictures,
      heights: curves.map((name) => value.probabilities[names.indexOf(name)]),
      file: { blob: await file(pictures[0].picture), name: `${curves[0].replaceAll(' ', '-')}-${step}.png` },
    };
  };
  const again = dial(board, { name: 'step', curves, values: steps, start: 0, sweep: 'along', ask, say });
  wanted.select.onchange = () => {
    curves[0] = classes[Number(wanted.select.value)];
    frames = walk(names.indexOf(curves[0]));
    again();
  };
  return again;
}
