// Lesson 8: the browser moves a trick to the right, pixel by pixel, and asks each time what it is now.
import { dial } from './dial.js';
import { choice, first, googlenet, share } from './tools.js';

/** @import { Figure } from './live.js' */
/** @import { Picture } from '../../lab/picture.js' */

const MOVES = Array.from({ length: 33 }, (_, right) => right); // the lesson's
const TRICKS = ['lesson 3, epsilon 2', 'the plain one, epsilon 8', 'the sturdy one, epsilon 8'];

/** @param {Figure} figure Its pictures are those of TRICKS, in order; what it stores is of the first. */
export function begin(figure) {
  const { board, pictures: tricks, cost, say } = figure;
  const which = choice('Trick', TRICKS);
  board.append(which.label);
  const note = 'Your browser moves the picture, repeats its left edge, and asks GoogLeNet what it shows.';
  which.select.onchange = dial(figure, {
    name: 'moved to the right by',
    curves: ['vulture'],
    values: MOVES,
    start: 0,
    ticks: MOVES.filter((right) => right % 8 === 0),
    file: 'moved-by',
    heights: ([{ answer }]) => [share(answer, 'vulture') ?? 0], // a panda at 100.0% leaves nothing for it
    panels: (right, [picture]) => [{ picture, words: `moved by ${right}\n${picture.answer}` }],
    async *walk() {
      const trick = tricks[Number(which.select.value)];
      const { model, names } = await googlenet(say, note);
      for (const right of MOVES) {
        const picture = moved(trick, right);
        const probabilities = await model.predict(picture.rgb);
        const answer = first(probabilities, names);
        yield [right, { pictures: [{ ...picture, answer }], heights: [probabilities[names.indexOf('vulture')]] }];
      }
    },
  });
  say(`${note} ${cost}`);
}

/** @type {(picture: Picture, right: number) => Picture} Moved to the right, with its left edge repeated. */
function moved({ rgb, width, height }, right) {
  const row = 3 * width;
  const from = (/** @type {number} */ at) => (at % row < 3 * right ? at - (at % row) + (at % 3) : at - 3 * right);
  return { rgb: rgb.map((_, at) => rgb[from(at)]), width, height };
}
