// A test of the reader's eyes: again and again one of two pictures, and the reader says which. Would a coin do as well?
import { choice, controls, draw, make } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { kept } from './parts/own.js';
import { pixels, square } from './parts/picture.js';
import { nameIn, percent } from './parts/words.js';

const PAUSE = 400; // milliseconds of grey between two pictures: in one place the eye would see the change
const ENLARGE = 2;

/**
 * A coin chooses each picture. Equal numbers of both, shuffled, would be less fair: whoever counts would know the last
 * one. And there is no seed, so nobody can learn the order. Nothing names a picture before the answer. The reader's own
 * picture and what it became can take the place of the two.
 * @param {HTMLElement} el
 * @param {object} state
 * @param {[string, string][]} state.pictures Two names and addresses.
 * @param {string[]} state.verdicts What is said of 0, 1, 2, ... right answers.
 * @param {number[]} state.coins How often a coin gets each number right.
 */
export async function mount(el, { pictures, verdicts, coins }) {
  const sets = [
    { names: pictures.map(([name]) => name), shown: await Promise.all(pictures.map(([, at]) => pixels(at))) },
  ];
  const own = await kept();
  const named = own?.says?.map(nameIn) ?? [];
  if (own?.after && named[0] !== named[1]) sets.push({ names: named, shown: [own.rgb, own.after].map(square) });
  const titles = sets.map((set) => set.names.join(' and '));
  const which = choice('Pictures', titles);
  const linked = location.hash === '#yours';
  which.select.value = String(linked ? sets.length - 1 : 0);
  let { names, shown } = sets[Number(which.select.value)];
  const trials = verdicts.length - 1;
  const { board, say } = figure(el);
  const canvas = make('canvas', { role: 'img' });
  const answers = names.map((name, i) => make('button', { disabled: true, onclick: () => answer(i) }, name));
  const next = make('button', { disabled: true, onclick: () => toss() }, 'Next');
  const result = make('figure', {});
  board.append(...(sets.length > 1 ? [controls(which.label)] : []), controls(...answers, next), canvas);
  let [truth, done, right, begun, grey] = [0, 0, 0, false, false];

  /** Moves the focus to a button that can be pressed, before the one that has it is disabled. */
  const enable = (/** @type {HTMLButtonElement[]} */ on, /** @type {HTMLButtonElement[]} */ off) => {
    for (const button of on) button.disabled = false;
    if (begun) on[0].focus();
    for (const button of off) button.disabled = true;
  };
  const toss = async () => {
    if (grey) return; // pressed twice
    grey = true;
    if (done === trials) [done, right] = [0, 0];
    result.remove();
    canvas.ariaLabel = `Picture ${done + 1} of ${trials}`;
    draw(canvas, { ...shown[0], rgb: new Uint8ClampedArray(shown[0].rgb.length).fill(128) }, ENLARGE);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    grey = false;
    truth = crypto.getRandomValues(new Uint8Array(1))[0] % 2;
    draw(canvas, shown[truth], ENLARGE);
    say(`Picture ${done + 1} of ${trials}: ${names.join(' or ')}?`);
    enable(answers, [next]);
  };
  const answer = (/** @type {number} */ i) => {
    if (grey) return; // other pictures have been chosen
    begun = true;
    done += 1;
    right += Number(i === truth);
    const was = `${i === truth ? 'Right' : 'Wrong'}: that was the ${names[truth]}.`;
    const times = right === 1 ? '1 time' : `${right} times`;
    say(`${was} ${done < trials ? `So far you have been right ${times} out of ${done}.` : verdicts[right]}`);
    next.textContent = done < trials ? 'Next' : 'Ten new ones';
    if (done === trials) {
      result.replaceChildren(...counts(coins, right));
      board.append(result);
    }
    enable([next], answers);
  };
  which.select.onchange = () => {
    ({ names, shown } = sets[Number(which.select.value)]);
    [done, right, begun] = [0, 0, false];
    for (const [i, button] of answers.entries()) button.textContent = names[i];
    next.textContent = 'Next';
    toss();
  };
  toss();
  if (linked) el.scrollIntoView();
}

/** @type {(coins: number[], right: number) => HTMLElement[]} Bars: how often a coin gets each number right. The reader's is marked. */
function counts(coins, right) {
  const most = Math.max(...coins);
  const bars = coins.map((share, k) => {
    const bar = make('i', {});
    bar.style.height = `${(5 * share) / most}rem`;
    const you = k === right ? ['you', make('br', {})] : [];
    const words = `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
    return make('span', { className: you.length ? 'you' : '' }, ...you, words, bar, `${k}`);
  });
  const said = coins.map((share, k) => `${k}: ${percent(share)}`).join(', ');
  const ariaLabel = `Right answers, and how often a coin gets that many: ${said}. You got ${right} right.`;
  const caption = make('figcaption', {}, 'How often a coin gets 0, 1, 2, … of ten right');
  return [caption, make('div', { className: 'coins', role: 'img', ariaLabel }, ...bars)];
}
