// Lesson 14: a garment walks towards another on two networks, one of which has learnt from tricks.
import { dial } from './dial.js';
import { choice, first, network } from './tools.js';
import { walk } from './walk.js';

/** @import { Figure } from './live.js' */
/** @import { Picture } from '../../lab/picture.js' */

const NETWORKS = ['plain', 'robust'];
const WALK = { length: 2040, steps: 60 };
const EVERY = 4; // steps, from one place of the slider to the next
const ENLARGE = 8;

/** @param {Figure} figure Its pictures are garments, in grey; its words are the names of the ten classes. */
export async function begin({ board, pictures, words: names, say }) {
  const networks = await Promise.all(NETWORKS.map((name) => network(`FashionNet ${name}`, say)));
  const greys = pictures.map(({ rgb }) => rgb.filter((_, i) => i % 3 === 0));
  const firsts = await Promise.all(greys.map((grey) => networks[1].predict(grey)));
  const garment = choice(
    'Garment',
    firsts.map((probabilities) => first(probabilities, names).replace(/ [\d.]+%$/, '')),
  );
  const goal = choice('Make it a', names);
  goal.select.value = String(names.indexOf('bag'));
  board.append(garment.label, ' ', goal.label);

  const begun = () =>
    networks.map((one) => walk(one, greys[Number(garment.select.value)], Number(goal.select.value), WALK));
  let walks = begun();
  /** @param {number} step They are asked for one after the other. */
  const ask = async (step) => {
    const target = Number(goal.select.value);
    const frames = await Promise.all(walks.map((one) => reached(one, step)));
    return {
      panels: frames.map(({ picture, probabilities }, i) => ({
        picture: coloured(picture),
        words: `${NETWORKS[i]}, step ${step}\n${first(probabilities, names)}`,
        enlarge: ENLARGE,
      })),
      heights: frames.map(({ probabilities }) => probabilities[target]),
    };
  };
  const values = Array.from({ length: WALK.steps / EVERY + 1 }, (_, i) => i * EVERY);
  const again = dial(board, { name: 'step', curves: NETWORKS, values, start: 0, sweep: 'along', ask, say });
  for (const { select } of [garment, goal]) {
    select.onchange = () => {
      walks = begun();
      again();
    };
  }
  say('Both changes have the same length (L2) at every step. The curves are those of the class you ask for.');
  return again;
}

/**
 * @param {ReturnType<typeof walk>} frames
 * @param {number} step
 */
async function reached(frames, step) {
  for (;;) {
    const { value } = await frames.next();
    if (!value) throw new Error('The walk has ended. Load the page again.');
    if (value.step === step) return value;
  }
}

/**
 * A square grey picture in RGB.
 * @param {Uint8ClampedArray} grey
 * @returns {Picture}
 */
function coloured(grey) {
  const side = Math.sqrt(grey.length);
  return {
    rgb: new Uint8ClampedArray(grey.length * 3).map((_, i) => grey[Math.floor(i / 3)]),
    width: side,
    height: side,
  };
}
