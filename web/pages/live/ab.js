// Lesson 1: ten times one of two pictures, and the reader says which. Would a coin do as well?
import { make } from '../../lab/view.js';
import { draw } from './tools.js';

/** @import { Figure } from './live.js' */

const TRIALS = 10;
const PAUSE = 400; // milliseconds of grey between two pictures: in one place the eye would see the change
const ENLARGE = 2;

/** @param {Figure} figure Two pictures, and their names. */
export async function begin({ board, pictures, words, say }) {
  const canvas = make('canvas', { role: 'img', ariaLabel: 'The picture to be named' });
  const answers = words.map((name, i) =>
    make('button', { type: 'button', disabled: true, onclick: () => answer(i) }, name),
  );
  const next = make('button', { type: 'button', onclick: () => toss() }, 'Next');
  board.append(make('div', { className: 'scrub' }, ...answers, next), canvas);
  let [truth, done, right, begun] = [0, 0, 0, false];

  /** @param {boolean} is */
  const waiting = (is) => {
    for (const button of answers) button.disabled = !is;
    next.disabled = is;
    if (begun) (is ? answers[0] : next).focus();
  };
  const toss = async () => {
    if (done === TRIALS) [done, right] = [0, 0];
    truth = crypto.getRandomValues(new Uint8Array(1))[0] % 2;
    next.disabled = true;
    draw(canvas, { ...pictures[0], rgb: new Uint8ClampedArray(pictures[0].rgb.length).fill(128) }, ENLARGE);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    draw(canvas, pictures[truth], ENLARGE);
    say(`Picture ${done + 1} of ${TRIALS}. ${words.join(' or ')}?`);
    waiting(true);
  };
  /** @param {number} i */
  const answer = (i) => {
    begun = true;
    done += 1;
    right += Number(i === truth);
    const was = `${i === truth ? 'Right' : 'Wrong'}: that was the ${words[truth].toLowerCase()}.`;
    say(`${was} ${done < TRIALS ? `So far: ${right} of ${done} right.` : verdict(right)}`);
    next.textContent = done < TRIALS ? 'Next' : 'Ten new ones';
    waiting(false);
  };
  toss();
}

/**
 * The result, and how often a coin gets as far from the half, as in lessons/googlenet/ab.py.
 * @param {number} right
 */
export function verdict(right) {
  const coins = (/** @type {number} */ k) => {
    let ways = 1;
    for (let i = 0; i < k; i++) ways = (ways * (TRIALS - i)) / (i + 1);
    return ways / 2 ** TRIALS;
  };
  const well = right >= TRIALS / 2;
  let share = 0;
  for (let k = 0; k <= TRIALS; k++) share += (well ? k >= right : k <= right) ? coins(k) : 0;
  const result = `You were right ${right === 1 ? 'once' : `${right} times`} out of ${TRIALS}.`;
  if (share > 0.1) return `${result} A coin does as well.`;
  const once = `once in ${Math.round(1 / share)} tests`;
  if (well) return `${result} A coin does that well only ${once}. Luck, or sharp eyes? Ten new ones will tell.`;
  return `${result} A coin does that badly only ${once}. Bad luck, or do you see it and mix up the names?`;
}
