// Lesson 12: a dream as it grows, made by the reader's own browser, in the lab's way.
import { dreaming, fog } from '../../lab/dream.js';
import { SIDE } from '../../lab/picture.js';
import { dial } from './dial.js';
import { choice, file, first, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */

const [STEPS, EVERY] = [100, 4]; // `dreaming` shows every fourth picture
const CLASSES = ['bison', 'castle', 'volcano', 'teapot', 'peacock', 'starfish'];

/** @param {Figure} figure */
export async function begin({ board, say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const wanted = choice('Dream of a', CLASSES);
  const curves = [CLASSES[0]];
  board.append(wanted.label);

  const dream = () => {
    const slope = new Float32Array(names.length);
    slope[names.indexOf(curves[0])] = 1;
    return dreaming(googlenet, { slope }, fog(), STEPS);
  };
  let frames = dream();
  /** @param {number} step They are asked for one after the other. */
  const ask = async (step) => {
    const { value } = await frames.next();
    if (value?.step !== step) throw new Error('The steps have lost their order. Load the page again.');
    const picture = { rgb: value.picture, width: SIDE, height: SIDE };
    return {
      shown: [{ picture, words: `step ${step}\n${first(value.probabilities, names)}`, enlarge: 2 }],
      heights: [value.probabilities[names.indexOf(curves[0])]],
      file: { blob: await file(picture), name: `${curves[0]}-${step}.png` },
    };
  };
  const again = dial(board, {
    name: 'step',
    curves,
    values: Array.from({ length: STEPS / EVERY + 1 }, (_, i) => EVERY * i),
    start: 0,
    sweep: 'along',
    ask,
  });
  wanted.select.onchange = () => {
    curves[0] = CLASSES[Number(wanted.select.value)];
    frames = dream();
    again();
  };
  say(
    'It starts from fog that is new each time, 224 pixels wide. A step takes about half a second, or more on a telephone.',
  );
  return again;
}
