// Lesson 6: the dog that cannot be fooled, and thirty steps that fool it.
import { trick } from '../../lab/attack.js';
import { along } from './along.js';
import { HALF, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */

const STEPS = 30;
const CLASSES = ['tennis ball', 'vulture', 'teapot', 'shower cap', 'paper towel']; // the lesson's five targets

/** @param {Figure} figure Its picture is the dog. */
export async function begin({ board, pictures: [dog], say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const again = along(board, {
    question: 'Make it a',
    classes: CLASSES,
    beside: 'German shepherd',
    names,
    steps: [...Array(STEPS + 1).keys()],
    walk: (target) => trick(googlenet, dog.rgb, new Set([target]), { epsilon: 2, steps: STEPS }),
    shown: ({ picture }, words) => [{ picture: { ...dog, rgb: picture }, words, enlarge: 2 }],
    say,
  });
  say(`No value moves by more than 2 out of 255. ${HALF}`);
  return again;
}
