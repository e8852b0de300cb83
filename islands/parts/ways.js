// The ways from a picture towards a class, by their names, and where they run: beside the network if it can, or else here.
import { trick } from './attack.js';
import { ofEqualLength } from './drawing.js';
import { dreaming } from './dream.js';
import { paint } from './paint.js';
import { seeded } from './random.js';

/** @import { Asked, Frame } from './attack.js' */
/** @import { Network } from './figure.js' */

/** @type {Record<string, (network: Asked, start: Uint8ClampedArray, target: number, options: any) => AsyncGenerator<Frame>>} */
const WAYS = { trick, ofEqualLength, paint, dream: dreaming };

/**
 * What a way needs, as data that can be sent to a worker: its steps, and a trick's epsilon, its method and where it goes
 * on from, the length of ofEqualLength, or the seed of paint and dream.
 * @typedef {{steps: number, epsilon?: number, method?: string, from?: Uint8ClampedArray, length?: number, seed?: number}} Options
 */

/**
 * A way, run where it is called.
 * @param {Asked} network
 * @param {string} kind One of WAYS.
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class.
 * @param {Options} options
 */
export const climb = (network, kind, start, target, { seed = 0, ...options }) =>
  WAYS[kind](network, start, target, { ...options, chance: seeded(seed) });

/**
 * A way, run wherever it disturbs the page least. For `network`, `kind`, `start` and `target` see `climb`. Who asks for no
 * further frame has stopped it. With a signal it also stops in the middle of a step, and at once, with the signal's reason.
 * @param {Network} network
 * @param {string} kind
 * @param {Uint8ClampedArray} start
 * @param {number} target
 * @param {Options & {signal?: AbortSignal}} options
 * @returns {AsyncGenerator<Frame, any>}
 */
export async function* walk(network, kind, start, target, { signal, ...options }) {
  const frames = (network.climb ?? climb.bind(null, network))(kind, start, target, options);
  const end = () => frames.return(undefined); // what was asked last may still be on its way
  const stopped = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  stopped.catch(end);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { value, done } = await Promise.race([frames.next(), /** @type {Promise<never>} */ (stopped)]);
      if (done) return;
      yield value;
    }
  } finally {
    end();
  }
}
