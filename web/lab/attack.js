// The steps of a trick, as in tricknet/attacks/steps.py and trick.py: along a gradient, in a box, in whole numbers.
// A picture is Uint8ClampedArray, RGB, height x width x 3. Between the steps it keeps fractions.

/** @import { Objective, Answer } from './network.js' */

/**
 * What was reached: before the first step, or after one.
 * @typedef {{step: number, picture: Uint8ClampedArray, probabilities: Float32Array}} Frame
 */

const TINY = 2 ** -126; // in place of 0, so that a gradient of nothing but 0 is a step of 0

/**
 * A picture on its way uphill, in a box: never outside 0..255, nor further than epsilon from the start. It steps along
 * the sign of a mean of all gradients so far, each divided by its mean size (Dong et al. 2018). The n-th gradient has
 * the weight n cubed.
 */
export class Ascent {
  /**
   * @param {Uint8ClampedArray} picture
   * @param {{epsilon: number, steps: number}} options epsilon: in pixel values. steps: how many there will be.
   */
  constructor(picture, { epsilon, steps }) {
    const reach = Math.min(epsilon, 255); // more is no limit at all
    this.start = picture;
    this.far = Math.floor(reach);
    this.at = Float32Array.from(picture);
    this.velocity = new Float32Array(picture.length);
    this.first = 4 * reach; // the length of the first step
    this.taken = 0;
    this.steps = steps;
  }

  /** Where it is now, in whole numbers; a half goes to the even one. Inside, fractions are kept: small steps add up. */
  get picture() {
    return Uint8ClampedArray.from(this.at);
  }

  /** @param {Float32Array} gradient */
  step(gradient) {
    const share = Math.fround((this.taken / (this.taken + 1)) ** 3); // of the velocity, which is kept
    const mean = Math.fround(gradient.reduce((sum, value) => sum + Math.abs(value), 0) / gradient.length);
    const even = Math.max(mean, TINY);
    const length = Math.fround(this.first * (1 - this.taken / this.steps));
    this.velocity = this.velocity.map((value, i) => Math.fround(share * value) + Math.fround(gradient[i] / even));
    this.at = this.at.map((value, i) => {
      const low = Math.max(this.start[i] - this.far, 0);
      const high = Math.min(this.start[i] + this.far, 255);
      return Math.min(Math.max(Math.fround(value + Math.fround(length * Math.sign(this.velocity[i]))), low), high);
    });
    this.taken++;
  }
}

/**
 * Yields a frame before the first step and after each: one forward and one backward pass for each step, and a forward
 * pass for the last.
 * @param {{gradient(picture: Uint8ClampedArray, objective: Objective): Promise<Answer>}} network
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class.
 * @param {{epsilon?: number, steps?: number}} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* trick(network, start, target, { epsilon = 2, steps = 30 } = {}) {
  const ascent = new Ascent(start, { epsilon, steps });
  const objective = { inside: [target], weight: 1 };
  for (;;) {
    const { picture } = ascent;
    const { probabilities, gradient } = await network.gradient(picture, objective);
    yield { step: ascent.taken, picture, probabilities };
    if (ascent.taken === steps) return;
    ascent.step(gradient);
  }
}

/**
 * The frame in which the target is most probable. Of equals the last.
 * @type {(frames: Frame[], target: number) => Frame}
 */
export const best = (frames, target) =>
  frames.reduce((most, frame) => (frame.probabilities[target] >= most.probabilities[target] ? frame : most));
