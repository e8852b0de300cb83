// Lesson 12: a dream as it grows, made by the reader's own browser, in the lab's way.
import { dreaming, fog } from '../../lab/dream.js';
import { SIDE } from '../../lab/picture.js';
import { along } from './along.js';
import { HALF, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */

const [STEPS, EVERY] = [100, 4]; // `dreaming` shows every fourth picture
const CLASSES = ['bison', 'castle', 'volcano', 'teapot', 'peacock', 'starfish'];

/** @param {Figure} figure */
export async function begin({ board, say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const again = along(board, {
    question: 'Dream of a',
    classes: CLASSES,
    names,
    steps: Array.from({ length: STEPS / EVERY + 1 }, (_, i) => EVERY * i),
    walk: (target) =>
      dreaming(googlenet, { slope: new Float32Array(names.length).fill(1, target, target + 1) }, fog(), STEPS),
    shown: ({ picture }, words) => [{ picture: { rgb: picture, width: SIDE, height: SIDE }, words, enlarge: 2 }],
    say,
  });
  say(`Each dream starts from new fog. A step takes about half a second, or more on a phone. ${HALF}`);
  return again;
}
