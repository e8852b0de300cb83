// Lesson 1: ten times one of two pictures, and the reader says which. Would a coin do as well?
import { draw, make } from '../../../islands/parts/elements.js';

/** @import { Figure } from './live.js' */

const PAUSE = 400; // milliseconds of grey between two pictures: in one place the eye would see the change
const ENLARGE = 2;

/** @param {Figure} figure Two pictures, and what is said of so many right answers. */
export async function begin({ board, pictures, names, settings: { verdicts }, say }) {
  const trials = verdicts.length - 1;
  const canvas = make('canvas', { role: 'img', ariaLabel: 'The picture to be named' });
  const answers = names.map((name, i) =>
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
    if (done === trials) [done, right] = [0, 0];
    truth = crypto.getRandomValues(new Uint8Array(1))[0] % 2;
    next.disabled = true;
    draw(canvas, { ...pictures[0], rgb: new Uint8ClampedArray(pictures[0].rgb.length).fill(128) }, ENLARGE);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    draw(canvas, pictures[truth], ENLARGE);
    say(`Picture ${done + 1} of ${trials}: ${names.join(' or ')}?`);
    waiting(true);
  };
  /** @param {number} i */
  const answer = (i) => {
    begun = true;
    done += 1;
    right += Number(i === truth);
    const was = `${i === truth ? 'Right' : 'Wrong'}: that was the ${names[truth]}.`;
    say(`${was} ${done < trials ? `So far: ${right} of ${done} right.` : verdicts[right]}`);
    next.textContent = done < trials ? 'Next' : 'Ten new ones';
    waiting(false);
  };
  toss();
}
