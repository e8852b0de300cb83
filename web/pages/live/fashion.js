// Lesson 14: a garment walks towards another on two networks, one of which has learnt from tricks.
import { every } from './along.js';
import { dial } from './dial.js';
import { choice, first, network, share } from './tools.js';
import { walk } from './walk.js';

/** @import { Figure } from './live.js' */
/** @import { Picture } from '../../lab/picture.js' */

const NETWORKS = ['plain', 'robust'];
const WALK = { length: 2040, steps: 60 };
const EVERY = 4; // steps, from one place of the slider to the next
const ENLARGE = 8;
const NOTE = 'Both changes have the same length (L2) at every step. The curves are those of the class you ask for.';

/**
 * @param {Figure} figure Its pictures are garments, in grey; its words are the names of the ten classes. What it stores is
 *   of the first garment, on both networks.
 */
export function begin(figure) {
  const { board, pictures, words: names, cost, say } = figure;
  const greys = pictures.map(({ rgb }) => rgb.filter((_, i) => i % 3 === 0));
  const garment = choice(
    'Garment',
    pictures.map(({ answer }) => answer.replace(/ [\d.]+%$/, '')),
  );
  const goal = choice('Make it a', names);
  goal.select.value = String(names.indexOf('bag'));
  board.append(garment.label, ' ', goal.label);

  const again = dial(figure, {
    name: 'step',
    curves: NETWORKS,
    values: every(WALK.steps, EVERY),
    start: WALK.steps,
    heights: (pictures) => pictures.map(({ answer }) => share(answer, 'bag')),
    panels: (step, pictures) =>
      pictures.map((picture, i) => {
        return { picture, words: `${NETWORKS[i]}, step ${step}\n${picture.answer}`, enlarge: ENLARGE };
      }),
    async *walk() {
      const [start, target] = [greys[Number(garment.select.value)], Number(goal.select.value)]; // before the networks come
      const networks = await Promise.all(NETWORKS.map((name) => network(`FashionNet ${name}`, say)));
      say(NOTE);
      const walks = networks.map((one) => walk(one, start, target, WALK));
      for (let step = 0; step <= WALK.steps; step++) {
        const frames = (await Promise.all(walks.map((one) => one.next()))).flatMap(({ value }) => value ?? []);
        if (step % EVERY) continue;
        const reached = frames.map((frame) => ({
          ...coloured(frame.picture),
          answer: first(frame.probabilities, names),
        }));
        yield [step, { pictures: reached, heights: frames.map(({ probabilities }) => probabilities[target]) }];
      }
    },
  });
  garment.select.onchange = goal.select.onchange = again;
  say(`${NOTE} ${cost}`);
}

/** @type {(grey: Uint8ClampedArray) => Picture} A square grey picture in RGB. */
function coloured(grey) {
  const side = Math.sqrt(grey.length);
  return {
    rgb: new Uint8ClampedArray(grey.length * 3).map((_, i) => grey[Math.floor(i / 3)]),
    width: side,
    height: side,
  };
}
