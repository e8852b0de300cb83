// Lesson 2: a blank square becomes a paper towel, or something else, by changes of at most 1 out of 255.
import { trick } from '../../lab/attack.js';
import { along } from './along.js';
import { HALF, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */

const STEPS = 20;
const CLASSES = ['paper towel', 'wool', 'jellyfish', 'jigsaw puzzle', 'vulture', 'tennis ball'];

/** @param {Figure} figure Its picture is the mean grey. */
export async function begin({ board, pictures: [nothing], say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const again = along(board, {
    question: 'Make it a',
    classes: CLASSES,
    beside: 'velvet',
    names,
    steps: [...Array(STEPS + 1).keys()],
    walk: (target) => trick(googlenet, nothing.rgb, new Set([target]), { epsilon: 1, steps: STEPS }),
    shown: ({ picture }, words) => [
      { picture: { ...nothing, rgb: picture }, words, enlarge: 2 },
      {
        picture: { ...nothing, rgb: picture.map((value, i) => 128 + 127 * (value - nothing.rgb[i])) },
        words: 'the change,\nmagnified',
      },
    ],
    say,
  });
  say(`No value moves by more than 1 out of 255, and the network is shown whole numbers only. ${HALF}`);
  return again;
}
