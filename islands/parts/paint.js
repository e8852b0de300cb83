// Paint: a climb through noise, which draws what people see too. As in tricknet/attacks/paint.py.
import { coloured, mixed, NATURAL, NATURAL_BACK, ROW } from './dream.js';
import { norm, SIDE } from './picture.js';
import { normal } from './random.js';

/** @import { Asked, Frame } from './attack.js' */
/** @import { Chance } from './random.js' */

const NOISE = 60; // the noise's standard deviation, in pixel values
const COPIES = 4; // under noise, for each step
const LENGTH = 10_000; // of the change at most (L2), in pixel values
const STRIDE = 0.25; // of the first step, as a share of the whole length; the others are shorter and shorter
const BLUR = 1.2; // pixels
const REACH = 8; // pixels, beyond which the bell counts for nothing in float32
/** @type {import('./dream.js').Means} */
const BLURRED = Array.from({ length: SIDE }, (_, row) => {
  const near = Array.from({ length: 2 * REACH + 1 }, (_, i) => row + i - REACH).filter((at) => at >= 0 && at < SIDE);
  const bell = near.map((at) => Math.exp(-0.5 * ((at - row) / BLUR) ** 2));
  const sum = bell.reduce((a, b) => a + b);
  return near.map((at, i) => [at, bell[i] / sum]);
});

/** @type {(gradient: Float32Array) => Float64Array} Blurred, and with its colours mixed as in nature: a broader brush. */
const natural = (gradient) =>
  coloured(coloured(mixed(mixed(gradient, BLURRED, ROW), BLURRED, 3), NATURAL_BACK), NATURAL);

/**
 * A step of this length along the gradient itself, then back to within LENGTH of the start, in 0..255.
 * @type {(at: Float32Array, gradient: Float64Array, start: Uint8ClampedArray, stride: number) => Float32Array}
 */
function towards(at, gradient, start, stride) {
  const size = stride / norm(gradient);
  const change = at.map((value, i) => Math.min(Math.max(value + size * gradient[i], 0), 255) - start[i]);
  const share = Math.min(1, LENGTH / norm(change));
  return change.map((value, i) => start[i] + share * value);
}

/**
 * Yields a frame before the first step and after each.
 * @param {Asked} network
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class, whose logit is climbed.
 * @param {{steps: number, chance: Chance}} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* paint(network, start, target, { steps, chance }) {
  /** @type {Float32Array} */
  let at = Float32Array.from(start);
  for (let step = 0; ; step++) {
    const picture = Uint8ClampedArray.from(at);
    const probabilities = await network.predict(picture);
    yield { step, picture, probabilities };
    if (step === steps) return;
    const slope = new Float32Array(probabilities.length).fill(1, target, target + 1);
    const sum = new Float32Array(start.length); // whose direction is the mean's
    for (let copy = 0; copy < COPIES; copy++) {
      const noisy = Float32Array.from(picture).map((value) => value + NOISE * normal(chance));
      const { gradient } = await network.gradient(noisy, { slope });
      for (let i = 0; i < sum.length; i++) sum[i] += gradient[i];
    }
    at = towards(at, natural(sum), start, STRIDE * LENGTH * (1 - step / steps));
  }
}
