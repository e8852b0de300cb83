// What every island begins with: its place, one sentence below it that screen readers read out, and the way to a network.
import { make } from './elements.js';

/** @import { Frame } from './attack.js' */
/** @import { Label } from './search.js' */
/** @import { Options } from './ways.js' */

/**
 * What is climbed: the logarithm of a class's probability, or slope . logits.
 * @typedef {{target: number} | {slope: Float32Array}} Objective
 */

/** Both answers of one step. @typedef {{probabilities: Float32Array, gradient: Float32Array}} Answer */

/** What a layer computes: height x width x channels, or classes at the end. @typedef {{values: Float32Array, shape: number[]}} Activations */

/**
 * A network, wherever it computes. Pictures are RGB (or grey), side x side, with values 0..255.
 * @typedef {object} Network
 * @property {string} name
 * @property {string} by Who answers: the network, and what computes it or which weights it has.
 * @property {Label[]} labels Of its classes.
 * @property {(picture: Uint8ClampedArray) => Promise<Float32Array>} predict The probability of each class.
 * @property {(picture: Uint8ClampedArray | Float32Array, objective: Objective) => Promise<Answer>} gradient
 * @property {(picture: Uint8ClampedArray | Float32Array, layer: string) => Promise<Activations>} activations Of a layer,
 *   by its name in Python.
 * @property {(kind: string, start: Uint8ClampedArray, target: number, options: Options) =>
 *   {next: () => Promise<IteratorResult<Frame>>, return: () => unknown}} [climb] A whole way (parts/ways.js), where the network can run it.
 * @property {() => void} [close] Gives its memory back, where it is the page's.
 */

/**
 * In Jupyter: a question to an island's Python, with bytes, and its answer. wait hears why it takes long, and then "".
 * @typedef {(wait: (words: string) => void, question: object, bytes?: ArrayBufferView[]) => Promise<[any, DataView[]]>} Kernel
 */

/**
 * The only way to a network, by its name: the kernel's Caffe in Jupyter (parts/kernel.js), a worker on a page
 * (web/lab/ask.js). wait: as for Kernel.
 * @typedef {((name: string, wait: (words: string) => void) => Promise<Network>) & {kernel?: Kernel}} Ask
 */

/** Words, or a network's first classes and their probabilities. @typedef {string | [string, number][]} Caption */

/** What a learner's function draws: a picture's address, caption, and alternative text.
 * @typedef {{picture: string, caption: Caption, alt: string}} Drawn
 */

/** What an island is. On a page, `el` has the still in it, until something takes its place.
 * @typedef {(el: HTMLElement, state: any, ask: Ask) => void | Promise<void>} Mount
 */

/**
 * A figure's place in an element.
 * @param {HTMLElement} el
 */
export function figure(el) {
  const board = make('div', { className: 'board', role: 'group', ariaLabel: 'Interactive figure' });
  const status = make('p', { className: 'note', role: 'status' });
  const late = make('p', { className: 'note', hidden: true }); // not read out: it changes too often
  el.replaceChildren(board, status, late);
  const say = (/** @type {string} */ words) => {
    status.textContent = words;
  };
  return {
    board,
    notes: [status, late], // below the board, unless the island puts them elsewhere
    say,
    fail: (/** @type {any} */ error) => say(error.message),
    /** @param {string} words Shown in place of the last sentence; "" brings that back. */
    wait(words) {
      late.textContent = words;
      [late.hidden, status.hidden] = [!words, Boolean(words)];
    },
  };
}

/**
 * A function that you can call as often as you like. It does the work or, while it is being done, does it once more after.
 * Its promise resolves when all is done.
 * @type {(work: () => Promise<unknown>) => () => Promise<void>}
 */
export function latest(work) {
  let calls = 0;
  /** @type {Promise<void> | undefined} */
  let running;
  const run = async () => {
    try {
      for (let done = 0; done !== calls; ) {
        done = calls;
        await work();
      }
    } finally {
      running = undefined;
    }
  };
  return () => {
    calls++;
    running ??= run();
    return running;
  };
}
