// The words for numbers, and for what a network says.

/** @import { Label } from './search.js' */

/** A class, and its name and probability in words. @typedef {{index: number, name: string, p: number, words: string}} Class */

const SHARES = 5; // of the classes, the most probable
const TELLING = 8; // steps, which tell how fast the others will be

/** @type {(p: number) => string} */
export const percent = (p) => `${(100 * p).toFixed(1)}%`;

/** @type {(words: string) => string} The class in words such as "giant panda 99.6%". */
export const nameIn = (words) => words.replace(/ [^ ]+$/, '');

/** @type {(steps: number) => string} */
export const counted = (steps) => `${steps} step${steps === 1 ? '' : 's'}`;

/** @type {(taken: number, step: number, steps: number) => string} How long it will still take, after so many milliseconds. */
export function left(taken, step, steps) {
  const seconds = (taken / 1000 / step) * (steps - step);
  return step < TELLING || seconds < 2 ? '' : ` About ${seconds.toFixed()} s left.`;
}

/** @type {(bytes: number) => string} */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/**
 * The most probable classes, from the first on, and one more if it is not among them.
 * @type {(labels: Label[], probabilities: Float32Array, more?: number) => Class[]}
 */
export function top(labels, probabilities, more) {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
  const indices = new Set(order.slice(0, SHARES).concat(more ?? []));
  return [...indices].map((index) => {
    const [name, p] = [labels[index].listed, probabilities[index]];
    return { index, name, p, words: `${name} ${percent(p)}` };
  });
}
