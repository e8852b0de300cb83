// The first minute: a picture to hold, which walks to another class and back; then the reader's own (parts/yours.js).
import { compare } from './parts/compare.js';
import { make, REDUCED_MOTION } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { changed, pixels } from './parts/picture.js';
import { nameIn } from './parts/words.js';

/** @import { Frame } from './parts/compare.js' */
/** @import { Ask } from './parts/figure.js' */

/**
 * What is in the square. heights: of the bars, two probabilities for each frame. goal: the class that the last one is to
 * be. told: said once the last one is seen. hint: what to do, on the first.
 * @typedef {{frames: (Frame & {heights: number[]})[], goal?: string, told?: string, hint?: string}} Scene
 */

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {string} state.start The address of the first picture.
 * @param {string} state.changes Of a picture with the change of each step, one below the other (modulo 256).
 * @param {string[]} state.says What the network says after each step, such as "giant panda 99.6%".
 * @param {string[]} state.classes The first picture's, and the one that it walks to.
 * @param {number[][]} state.heights Their probabilities after each step.
 * @param {number} state.epsilon As far as any value moves, in pixel values.
 * @param {string} state.lesson The address of the lesson that explains it.
 * @param {Ask} ask
 */
export async function mount(el, { start, changes, says, classes, heights, epsilon, lesson }, ask) {
  const [first, strip] = await Promise.all([start, changes].map(pixels));
  const word = make('p', { className: 'word' });
  const hint = make('p', { className: 'hint' });
  const bars = classes.map(() => make('i', {}));
  const { board, notes, say, wait } = figure(el);
  /** @type {Scene} */
  let scene = { frames: [] };
  const held = compare((at, gain) => {
    const { frames, goal, told } = scene;
    const [low, high, frame] = [Math.floor, Math.ceil, Math.round].map((round) => frames[round(at)]);
    for (const [i, { style }] of bars.entries()) {
      const [from, to] = [low.heights[i] ?? 0, high.heights[i] ?? 0];
      style.scale = `${from + (at % 1) * (to - from)} 1`;
    }
    const name = nameIn(frame.says);
    const flipped = name === goal;
    if (flipped && !word.classList.contains('flipped')) navigator.vibrate?.(8);
    word.classList.toggle('flipped', flipped);
    word.textContent = gain ? `change ${gain}` : name || '…';
    word.style.fontSize = `min(2.5rem, ${140 / name.length}cqw)`; // a long one fits, too
    hint.textContent = at ? '' : (scene.hint ?? '');
    if (told && at === frames.length - 1) say(told);
  });
  const show = (/** @type {Scene} */ next, resting = false) => {
    scene = next;
    held.show(next.frames, resting);
  };
  held.el.append(hint);
  const row = make('div', { className: 'scrub moves' });
  const bar = make('div', { className: 'bar', ariaHidden: 'true' }, ...bars);
  board.append(word, held.el, bar, ...notes, held.gain, row);
  show({
    frames: changed(first.rgb, strip.rgb).map((rgb, i) => ({ ...first, rgb, says: says[i], heights: heights[i] })),
    goal: classes[1],
    told: `${says[says.length - 1]}, and no value has moved by more than ${epsilon} of 255.`,
    hint: `${REDUCED_MOTION.matches ? 'Press' : 'Hold'} the panda`,
  });
  say('The word is what GoogLeNet says of exactly these pixels.');
  const { yours } = await import('./parts/yours.js'); // the panda need not wait for it
  yours({ square: held.el, row, show, say, wait }, { ask, lesson });
}
