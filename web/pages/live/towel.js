// Lesson 2: a blank square becomes a paper towel, or something else, by changes of at most 1 out of 255.
import { trick } from '../../lab/attack.js';
import { dial } from './dial.js';
import { choice, file, first, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */

const STEPS = 20;
const CLASSES = ['paper towel', 'wool', 'jellyfish', 'jigsaw puzzle', 'vulture', 'tennis ball'];

/** @param {Figure} figure Its picture is the mean grey. */
export async function begin({ board, pictures: [nothing], say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const wanted = choice('Make it a', CLASSES);
  const curves = [CLASSES[0], 'velvet'];
  board.append(wanted.label);

  const walk = () => trick(googlenet, nothing.rgb, new Set([names.indexOf(curves[0])]), { epsilon: 1, steps: STEPS });
  let frames = walk();
  /** @param {number} step They are asked for one after the other. */
  const ask = async (step) => {
    const { value } = await frames.next();
    if (value?.step !== step) throw new Error('The steps have lost their order. Load the page again.');
    const picture = { ...nothing, rgb: value.picture };
    const change = value.picture.map(
      (/** @type {number} */ v, /** @type {number} */ i) => 128 + 127 * (v - nothing.rgb[i]),
    );
    return {
      shown: [
        { picture, words: `step ${step}\n${first(value.probabilities, names)}`, enlarge: 2 },
        { picture: { ...nothing, rgb: change }, words: 'the change,\nmagnified' },
      ],
      heights: curves.map((name) => value.probabilities[names.indexOf(name)]),
      file: { blob: await file(picture), name: `step-${step}.png` },
    };
  };
  const again = dial(board, {
    name: 'step',
    curves,
    values: [...Array(STEPS + 1).keys()],
    start: 0,
    sweep: 'along',
    ask,
  });
  wanted.select.onchange = () => {
    curves[0] = CLASSES[Number(wanted.select.value)];
    frames = walk();
    again();
  };
  say('No value moves by more than 1 out of 255, and the network is shown whole numbers only.');
  return again;
}
