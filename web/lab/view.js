// What the lab shows: messages, pictures, curves and bars. Nothing here knows how they came about.
import { make, percent } from '../../islands/parts/elements.js';
import { imageOf } from '../../islands/parts/picture.js';

/** @import { Label } from '../../islands/parts/search.js' */

/** @typedef {{index: number, name: string, p: number, words: string}} Class A class, and its name and probability in words. */

const SHARES = 5; // of the classes, the most probable

/** @type {(id: string) => any} */
export const the = (id) => document.getElementById(id);

/** @typedef {'loading' | 'looking' | 'ready' | 'running' | 'stopped' | 'done' | 'copied' | 'failed'} State */

/** @type {(state: State, words: string) => void} One sentence, which screen readers read out, and its state for programs. */
export function say(state, words) {
  the('message').textContent = words;
  the('message').dataset.state = state;
}

/**
 * How much is done, which nobody is told: it changes too often. Nothing, if nothing is being done.
 * @type {(words?: string, share?: number) => void}
 */
export function progress(words = '', share = 0) {
  the('step').textContent = words;
  the('progress').hidden = !words;
  the('progress').value = share;
}

/** @type {(id: string, rgb: ArrayLike<number>) => void} */
export const draw = (id, rgb) => the(id).getContext('2d').putImageData(imageOf(rgb), 0, 0);

/**
 * The most probable classes, from the first on, and one more if it is not among them.
 * @type {(labels: Label[], probabilities: Float32Array, more?: number) => Class[]}
 */
export function top(labels, probabilities, more) {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
  const indices = new Set(order.slice(0, SHARES).concat(more ?? []));
  return [...indices].map((index) => ({
    index,
    name: labels[index].listed,
    p: probabilities[index],
    words: `${labels[index].listed} ${percent(probabilities[index])}`,
  }));
}

/** The values of a change, so that the largest is black or white. */
export function enlarged(/** @type {Uint8ClampedArray} */ before, /** @type {Uint8ClampedArray} */ after) {
  const far = after.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i])), 0);
  return { far, change: after.map((value, i) => 128 + ((value - before[i]) * 127) / Math.max(far, 1)) };
}

/**
 * The most probable class under a picture, in the target's colour if it is the target.
 * @type {(id: string, first: Class, target?: number) => void}
 */
export function caption(id, first, target) {
  the(id).textContent = first.words;
  the(id).classList.toggle('target', first.index === target);
}

/** @type {(classes: Class[], by: string, target?: number) => void} by: which network says so. */
export function bars(classes, by, target) {
  const rows = classes.map(({ index, name, p }) => {
    const words = [name, percent(p)].map((text) => make('span', {}, text));
    const bar = make('progress', { value: p, ariaHidden: 'true' });
    return make('li', { className: index === target ? 'target' : '' }, ...words, bar);
  });
  the('bars').replaceChildren(...rows);
  const more = classes.length > SHARES ? ', and the target' : '';
  the('barred').textContent = `The five most probable classes${more}, according to ${by}.`;
}
