// Lesson 14: a garment walks towards another on two networks, one of which has learnt from tricks.
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
export async function begin({ board, pictures, stored, words: names, cost, say }) {
  const greys = pictures.map(({ rgb }) => rgb.filter((_, i) => i % 3 === 0));
  const garment = choice(
    'Garment',
    pictures.map(({ answer }) => answer.replace(/ [\d.]+%$/, '')),
  );
  const goal = choice('Make it a', names);
  goal.select.value = String(names.indexOf('bag'));
  board.append(garment.label, ' ', goal.label);

  const begun = async () => {
    const [start, target] = [greys[Number(garment.select.value)], Number(goal.select.value)]; // before the networks come
    const networks = await Promise.all(NETWORKS.map((name) => network(`FashionNet ${name}`, say)));
    say(NOTE);
    return networks.map((one) => walk(one, start, target, WALK));
  };
  /** @type {ReturnType<typeof begun> | undefined} */
  let walking;
  /** @param {number} step They are asked for one after the other. */
  const ask = async (step) => {
    walking ??= begun();
    const walks = await walking;
    const target = Number(goal.select.value);
    const frames = await Promise.all(walks.map((one) => reached(one, step)));
    return {
      pictures: frames.map((frame) => ({ ...coloured(frame.picture), answer: first(frame.probabilities, names) })),
      heights: frames.map(({ probabilities }) => probabilities[target]),
    };
  };
  const values = Array.from({ length: WALK.steps / EVERY + 1 }, (_, i) => i * EVERY);
  const again = await dial(board, {
    name: 'step',
    curves: NETWORKS,
    values,
    start: WALK.steps,
    stored,
    sweep: 'along',
    ask,
    say,
    heights: (pictures) => pictures.map(({ answer }) => share(answer, 'bag')),
    panels: (step, pictures) =>
      pictures.map((picture, i) => {
        return { picture, words: `${NETWORKS[i]}, step ${step}\n${picture.answer}`, enlarge: ENLARGE };
      }),
  });
  for (const { select } of [garment, goal]) {
    select.onchange = () => {
      walking = undefined;
      again();
    };
  }
  say(`${NOTE} ${cost}`);
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
