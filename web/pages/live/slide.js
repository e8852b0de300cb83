// Lesson 8: the browser moves a trick to the right, pixel by pixel, and asks each time what it is now.
import { dial } from './dial.js';
import { choice, file, first, HALF, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */
/** @import { Picture } from '../../lab/picture.js' */

const MOVES = Array.from({ length: 33 }, (_, right) => right); // the lesson's
const TRICKS = ['lesson 3, epsilon 2', 'the plain one, epsilon 8', 'the sturdy one, epsilon 8'];

/** @param {Figure} figure Its pictures are the above. */
export async function begin({ board, pictures: tricks, say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const vulture = names.indexOf('vulture');
  const which = choice('Trick', TRICKS);
  board.append(which.label);

  /** @param {number} right */
  const ask = async (right) => {
    const picture = moved(tricks[Number(which.select.value)], right);
    const probabilities = await googlenet.predict(picture.rgb);
    const words = `moved by ${right}\n${first(probabilities, names)}`;
    const save = { blob: await file(picture), name: `moved-by-${right}.png` };
    return { panels: [{ picture, words }], heights: [probabilities[vulture]], file: save };
  };
  const again = dial(board, {
    name: 'moved to the right by',
    curves: ['vulture'],
    values: MOVES,
    ticks: MOVES.filter((right) => right % 8 === 0),
    start: 0,
    sweep: 'along',
    ask,
    say,
  });
  which.select.onchange = again;
  say(`Your browser moves the picture, repeats its left edge, and asks GoogLeNet what it shows. ${HALF}`);
  return again;
}

/**
 * @param {Picture} picture
 * @param {number} right
 * @returns {Picture} Moved to the right, with its left edge repeated.
 */
function moved({ rgb, width, height }, right) {
  const row = 3 * width;
  const from = (/** @type {number} */ at) => (at % row < 3 * right ? at - (at % row) + (at % 3) : at - 3 * right);
  return { rgb: rgb.map((_, at) => rgb[from(at)]), width, height };
}
