// A network in a worker: asked from the page, which stays free while it computes.

/** @import { Objective } from '../../islands/parts/figure.js' */

/** @typedef {{probabilities: Float32Array, gradient: Float32Array}} Answer */

/** @typedef {{values: Float32Array, shape: number[]}} Activations height x width x channels, or classes at the end. */

/**
 * A row of networks.json: a network's file, and its plan's description.
 * @import { Plan } from './engine.js'
 * @typedef {{name: string, weights: string, file: string, bytes: number, labels: string} & Plan} Row
 */

/** @typedef {(done: number, all: number) => void} Progress Bytes that have come, and bytes that there are. */

/** A network that is loaded. Pictures are Uint8ClampedArray, RGB, side x side x 3. */
export class Network {
  /** @type {PromiseWithResolvers<any>[]} */
  #asked = []; // the worker answers in this order
  #worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  /** @type {Error | undefined} */
  #ended; // why there will be no more answers

  /** How many it runs on. */
  threads = 1;

  /**
   * @param {Row} row
   * @param {Progress} progress
   */
  constructor(row, progress) {
    this.row = row;
    this.#worker.onmessage = ({ data }) => {
      if ('progress' in data) return progress(data.progress, row.bytes);
      const asked = this.#asked.shift();
      if (data.error) asked?.reject(data.error);
      else asked?.resolve(data.answer);
    };
    this.#worker.onerror = ({ message }) =>
      this.close(new Error(`The network has stopped. Load the page again. (${message || 'It did not load.'})`));
  }

  /**
   * Load a network; the next time, from the browser's own store.
   * @param {Row} row
   * @param {Progress} progress
   */
  static async load(row, progress = () => {}) {
    const network = new Network(row, progress);
    network.threads = await network.#ask('load', { row }).catch((error) => {
      network.close();
      throw error;
    });
    return network;
  }

  /** @type {(picture: Uint8ClampedArray) => Promise<Float32Array>} The probability of each class. */
  async predict(picture) {
    return (await this.#ask('predict', { picture })).probabilities;
  }

  /**
   * Both answers of one step.
   * @param {Uint8ClampedArray | Float32Array} picture A dream has fractions.
   * @param {Objective} objective
   * @returns {Promise<Answer>}
   */
  gradient(picture, objective) {
    return this.#ask('gradient', { picture, objective });
  }

  /**
   * What a layer computes from a picture, by the same name as in Python: `Classifier.activations`.
   * @type {(picture: Uint8ClampedArray | Float32Array, layer: string) => Promise<Activations>}
   */
  activations(picture, layer) {
    return this.#ask('activations', { picture, layer });
  }

  /** Give up all that was asked and not answered: nobody hears the answers. */
  cancel(error = /** @type {Error} */ (new DOMException('Cancelled.', 'AbortError'))) {
    for (const asked of this.#asked) asked.reject(error);
  }

  /** End the worker at once, download and all, and free its memory. */
  close(error = /** @type {Error} */ (new DOMException('Closed.', 'AbortError'))) {
    this.#ended = error;
    this.#worker.terminate();
    this.cancel(error);
  }

  /** @type {(kind: string, what: object) => Promise<any>} */
  #ask(kind, what) {
    if (this.#ended) return Promise.reject(this.#ended);
    const asked = Promise.withResolvers();
    this.#asked.push(asked);
    this.#worker.postMessage({ kind, ...what });
    return asked.promise;
  }
}
