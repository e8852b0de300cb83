// A picture to hold: while it is held, it walks to another class, and let go, it walks back. Then: where is the change?

import { compare } from './parts/compare.js';
import { make, REDUCED_MOTION } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { changed, pixels } from './parts/picture.js';

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {string} state.start The address of the first picture.
 * @param {string} state.changes Of a picture with the change of each step, one below the other (modulo 256).
 * @param {string[]} state.says What the network says after each step, such as "giant panda 99.6%".
 * @param {string[]} state.classes The first picture's, and the one that it walks to.
 * @param {number[][]} state.heights Their probabilities after each step.
 * @param {number} state.epsilon As far as any value moves, in pixel values.
 */
export async function mount(el, { start, changes, says, classes, heights, epsilon }) {
  const [first, strip] = await Promise.all([start, changes].map(pixels));
  const frames = changed(first.rgb, strip.rgb).map((rgb, i) => ({ ...first, rgb, says: says[i] }));
  const last = frames.length - 1;
  const word = make('p', { className: 'word' });
  const bars = classes.map(() => make('i', {}));
  const { board, say } = figure(el);
  const hint = `${REDUCED_MOTION.matches ? 'Press' : 'Hold'} the panda.`;
  const held = compare((at, gain) => {
    const [step, low] = [Math.round(at), Math.floor(at)];
    for (const [i, { style }] of bars.entries()) {
      const [from, to] = [heights[low], heights[Math.min(low + 1, last)]].map((all) => all[i]);
      style.width = `${100 * (from + (at - low) * (to - from))}%`;
    }
    const name = says[step].replace(/ [^ ]+$/, '');
    const flipped = name === classes[1];
    if (flipped !== word.classList.contains('flipped')) navigator.vibrate?.(8);
    word.classList.toggle('flipped', flipped);
    word.textContent = gain ? `change ${gain}` : name;
    if (at === last) say(`${says[last]}, and no value has moved by more than ${epsilon} of 255.`);
    else if (!at) say(hint);
  });
  board.append(word, held.el, make('div', { className: 'bar', ariaHidden: 'true' }, ...bars), held.gain);
  held.show(frames);
}
