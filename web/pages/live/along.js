// A walk that the reader's browser takes: a class to choose, and a slider along the steps while they are being taken.
import { SIDE } from '../../lab/picture.js';
import { dial } from './dial.js';
import { choice, file, first, HALF, labels, network } from './tools.js';

/** @import { Frame } from '../../lab/attack.js' */
/** @import { Network } from '../../lab/network.js' */
/** @import { Picture } from '../../lab/picture.js' */
/** @import { Panel } from './dial.js' */
/** @import { Figure } from './live.js' */

/**
 * @param {Figure} figure
 * @param {object} options
 * @param {string} options.question What the choice asks, as in "Make it a".
 * @param {string[]} options.classes What may be chosen. The walk begins with the first.
 * @param {string[]} [options.beside] Classes whose curves are drawn as well.
 * @param {number} options.steps The last step.
 * @param {number} [options.every] Only every so many steps are shown.
 * @param {(googlenet: Network, target: number) => AsyncGenerator<Frame>} options.walk
 * @param {(picture: Picture) => Panel[]} [options.more] What is shown beside a picture.
 * @param {string} options.note
 * @returns What begins the walk again.
 */
export async function along(
  { board, say },
  { question, classes, beside = [], steps, every = 1, walk, more = () => [], note },
) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const choices = choice(question, classes);
  const curves = [classes[0], ...beside];
  const begun = () => walk(googlenet, names.indexOf(curves[0]));
  board.append(choices.label);
  let frames = begun();
  /** @param {number} step They are asked for one after the other. */
  const ask = async (step) => {
    const { value } = await frames.next();
    if (value?.step !== step) throw new Error('Something went wrong with the steps. Load the page again.');
    const picture = { rgb: value.picture, width: SIDE, height: SIDE };
    const words = `step ${step}\n${first(value.probabilities, names)}`;
    return {
      panels: [{ picture, words, enlarge: 2 }, ...more(picture)],
      heights: curves.map((name) => value.probabilities[names.indexOf(name)]),
      file: { blob: await file(picture), name: `${curves[0].replaceAll(' ', '-')}-${step}.png` },
    };
  };
  const values = Array.from({ length: steps / every + 1 }, (_, i) => every * i);
  const again = dial(board, { name: 'step', curves, values, start: 0, sweep: 'along', ask, say });
  choices.select.onchange = () => {
    curves[0] = classes[Number(choices.select.value)];
    frames = begun();
    again();
  };
  say(`${note} ${HALF}`);
  return again;
}
