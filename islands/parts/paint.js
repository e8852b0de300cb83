// Paint: a climb through noise, which draws what people see too. As in tricknet/attacks/paint.py, but with one noisy
// copy for each step, and with a shorter change.
import { mixed, natural, ROW, SHOWN } from './dream.js';
import { norm, SIDE } from './picture.js';
import { normal } from './random.js';

/** @import { Frame } from './attack.js' */
/** @import { Network } from '../../web/lab/network.js' */
/** @import { Chance } from './random.js' */

const NOISE = 60; // the noise's standard deviation, in pixel values
const LENGTH = 7000; // of the change at most (L2), in pixel values
const STEP = 900; // the first step's length; the last is nearly 0
const BLUR = 1.2; // pixels
const REACH = Math.round(4 * BLUR);
const BELL = Array.from({ length: 2 * REACH + 1 }, (_, i) => Math.exp(-0.5 * ((i - REACH) / BLUR) ** 2));
/** @type {import('./dream.js').Means} Beyond an edge, a picture is its mirror image. Only the direction counts. */
const BLURRED = Array.from({ length: SIDE }, (_, row) =>
  BELL.map((value, i) => {
    const from = row + i - REACH;
    return [from < 0 ? -1 - from : from >= SIDE ? 2 * SIDE - 1 - from : from, value];
  }),
);

/**
 * Yields a frame before the first step and then every few steps. Each step has noise of its own, so the noise in the
 * gradients averages out on the way.
 * @param {Network} network
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class.
 * @param {{steps: number, chance: Chance}} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* paint(network, start, target, { steps, chance }) {
  const slope = new Float32Array(network.row.classes).fill(1, target, target + 1); // of the class's logit
  let at = Float32Array.from(start);
  for (let step = 0; ; step++) {
    if (step % SHOWN === 0 || step === steps) {
      const picture = Uint8ClampedArray.from(at);
      yield { step, picture, probabilities: await network.predict(picture) };
    }
    if (step === steps) return;
    const noisy = Uint8ClampedArray.from(at, (value) => value + NOISE * normal(chance));
    const { gradient } = await network.gradient(noisy, { slope });
    const uphill = natural(mixed(mixed(gradient, BLURRED, ROW), BLURRED, 3)); // blurred, too: a broader brush
    const size = (STEP * (1 - step / steps)) / norm(uphill);
    const change = at.map((value, i) => Math.min(Math.max(value + size * uphill[i], 0), 255) - start[i]);
    const share = Math.min(1, LENGTH / norm(change));
    at = change.map((value, i) => start[i] + share * value);
  }
}
