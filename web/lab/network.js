// A network in a worker: asked from the page, which stays free while it computes.

import { fetched } from './store.js';

/** @import { Network } from '../../islands/parts/figure.js' */

/**
 * A row of networks.json: a network's file, and its plan's description.
 * @import { Plan } from './engine.js'
 * @typedef {{name: string, weights: string, file: string, bytes: number, labels: string} & Plan} Row
 */

/**
 * Load a network; the next time, from the browser's own store. `threads` says how many it runs on.
 * @param {Row} row
 * @param {(done: number, all: number) => void} progress Bytes that have come, and bytes that there are.
 */
export async function load(row, progress = () => {}) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  /** @type {Map<number, PromiseWithResolvers<any>>} */
  const waiting = new Map(); // for the answers to what was asked, by its number
  let last = 0; // number
  /** @type {Error | undefined} */
  let ended; // why there will be no more answers

  /** @type {(kind: string, what: object, given?: Transferable[]) => Promise<any>} */
  const ask = (kind, what, given = []) => {
    const asked = Promise.withResolvers();
    asked.promise.catch(() => {}); // whoever waits for it hears it
    if (ended) asked.reject(ended);
    waiting.set(++last, asked);
    worker.postMessage({ id: last, kind, ...what }, given);
    return asked.promise;
  };
  /** End the worker at once, and free its memory. What was asked gets no answer. */
  const close = (error = /** @type {Error} */ (new DOMException('Closed.', 'AbortError'))) => {
    ended = error;
    worker.terminate();
    for (const asked of waiting.values()) asked.reject(error);
  };
  worker.onmessage = ({ data }) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) asked?.reject(data.error);
    else asked?.resolve(data.answer);
  };
  worker.onerror = ({ message }) =>
    close(new Error(`The network has stopped. Load the page again. (${message || 'It did not load.'})`));
  /** @type {Pick<Network, 'predict' | 'gradient' | 'activations' | 'climb'>} */
  const answers = {
    predict: (picture) => ask('predict', { picture }),
    gradient: (picture, objective) => ask('gradient', { picture, objective }),
    activations: (picture, layer) => ask('activations', { picture, layer }),
    climb(way, start, target, options) {
      const climb = last + 1; // the question's number is the climb's
      ask('climb', { way, start, target, options });
      let ahead = ask('next', { climb }); // it is computed while the page shows the one before
      return {
        next() {
          const frame = ahead;
          ahead = ask('next', { climb });
          return frame;
        },
        return: () => ask('end', { climb }),
      };
    },
  };
  try {
    const [file, threads] = await Promise.all([fetched(row, progress), ask('start', { row })]);
    await ask('load', { file }, [file.buffer]);
    return { ...answers, close: () => close(), threads: /** @type {number} */ (threads) };
  } catch (error) {
    close();
    throw error;
  }
}
