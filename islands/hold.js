// The first minute: a picture to hold, which walks to another class and back; then the reader's own (parts/yours.js).
import { compare } from './parts/compare.js';
import { make, REDUCED_MOTION } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { pixels } from './parts/picture.js';
import { unpack } from './parts/seen.js';
import { nameIn } from './parts/words.js';

/** @import { Ask } from './parts/figure.js' */
/** @import { Seen, Stored } from './parts/seen.js' */

/**
 * What is in the square; frames' heights are the bars'. goal: the class that the last one is to be. told: said once the
 * last one is seen. hint: what to do, on the first.
 * @typedef {{frames: Seen[], goal?: string, told?: string, hint?: string}} Scene
 */

/**
 * @param {HTMLElement} el
 * @param {Stored & {start: string, classes: string[], epsilon: number, lesson: string}} state Addresses of the first
 *   picture and of the lesson that explains it; the classes that the walk begins with and leads to, whose probabilities
 *   are its heights; and as far as any value moves.
 * @param {Ask} ask
 */
export async function mount(el, { start, classes, epsilon, lesson, ...stored }, ask) {
  const coming = import('./parts/yours.js'); // the panda need not wait for it
  const frames = await unpack(pixels(start), stored);
  const word = make('p', { className: 'word' });
  const hint = make('p', { className: 'hint' });
  const bars = classes.map(() => make('i', {}));
  const { board, notes, say, wait } = figure(el);
  /** @type {Scene} */
  let scene = { frames: [] };
  let most = 0; // that has been seen since it was last let go
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
    const short = most && most < frames.length - 1; // a tap, where a rest was needed
    most = at && Math.max(at, most);
    bar.classList.toggle('live', frames.length === 1); // each answer is a new one
    hint.textContent = at || !scene.hint ? '' : short ? 'Keep holding' : scene.hint;
    if (told && at === frames.length - 1) say(told);
  });
  const show = (/** @type {Scene} */ next, resting = false) => {
    scene = next;
    held.show(next.frames, resting);
  };
  held.el.append(hint);
  const row = make('div', { className: 'scrub moves' });
  const bar = make('div', { className: 'bar', ariaHidden: 'true' }, ...bars);
  board.append(word, held.el, bar, held.gain, ...notes, row);
  const panda = {
    frames,
    goal: classes[1],
    told: `${frames[frames.length - 1].says}, and no value has moved by more than ${epsilon} out of 255.`,
    hint: `${REDUCED_MOTION.matches ? 'Press' : 'Hold'} the panda`,
  };
  show(panda);
  say('The word is what GoogLeNet says of exactly these pixels.');
  const { yours } = await coming;
  yours({ stage: held.el, row, show, say, wait }, { ask, lesson, panda });
}
