// The steps of a trick, as in tricknet/attacks/steps.py and trick.py: along a gradient, in a box, in whole numbers.
// A picture is Uint8ClampedArray, RGB, height x width x 3. Between the steps it keeps fractions.

/** @import { Network } from '../../web/lab/network.js' */

/**
 * What was reached: before the first step, or after one.
 * @typedef {{step: number, picture: Uint8ClampedArray, probabilities: Float32Array}} Frame
 */

const TINY = 2 ** -126; // in place of 0, so that a gradient of nothing but 0 is a step of 0

/**
 * Yields a frame before the first step and after each: one forward and one backward pass for each step, and a forward
 * pass for the last. It steps along the sign of a mean of all gradients so far, each divided by its mean size (Dong et
 * al. 2018). The n-th gradient has the weight n cubed.
 * @param {Pick<Network, 'gradient'>} network
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class.
 * @param {{epsilon: number, steps: number}} options epsilon: a whole number of pixel values.
 * @returns {AsyncGenerator<Frame>}
 */
export async function* trick(network, start, target, { epsilon, steps }) {
  const [low, high] = [start.map((value) => value - epsilon), start.map((value) => value + epsilon)]; // in 0..255
  let at = Float32Array.from(start);
  let velocity = new Float32Array(start.length);
  for (let step = 0; ; step++) {
    const picture = Uint8ClampedArray.from(at); // a half goes to the even number
    const { probabilities, gradient } = await network.gradient(picture, { target });
    yield { step, picture, probabilities };
    if (step === steps) return;
    const share = Math.fround((step / (step + 1)) ** 3); // of the velocity, which is kept
    const mean = Math.fround(gradient.reduce((sum, value) => sum + Math.abs(value), 0) / gradient.length);
    const even = Math.max(mean, TINY);
    const length = Math.fround(4 * epsilon * (1 - step / steps));
    velocity = velocity.map((value, i) => Math.fround(share * value) + Math.fround(gradient[i] / even));
    at = at.map((value, i) => Math.min(Math.max(value + length * Math.sign(velocity[i]), low[i]), high[i]));
  }
}
