// The steps of a trick, as in tricknet/attacks/steps.py and trick.py: along a gradient, in a box, in whole numbers.
// A picture is Uint8ClampedArray, RGB, height x width x 3. Between the steps it keeps fractions.

/** @import { Objective, Answer } from './network.js' */

/**
 * How steps follow from gradients.
 * @typedef {object} Method
 * @property {(gradient: Float32Array, velocity: Float32Array, step: number) => Float32Array} direction Where the next
 *   step goes, no value further than 1. It may change the velocity, which is zeros at first.
 * @property {number} reach The length of the first step, in epsilons.
 * @property {(done: number) => number} size The length of the next step as a share of the first, from the share of steps
 *   taken.
 */

/**
 * What was reached: before the first step, or after one.
 * @typedef {{step: number, picture: Uint8ClampedArray, probabilities: Float32Array}} Frame
 */

const TINY = 2 ** -126; // in place of 0, so that a gradient of nothing but 0 is a step of 0

const linear = (/** @type {number} */ done) => 1 - done;
const cosine = (/** @type {number} */ done) => (1 + Math.cos(Math.PI * done)) / 2;

/**
 * The sign of a sum of all gradients so far, each divided by its mean size: Dong et al. (2018).
 * @param {(step: number) => number} kept Which share of the sum is kept before the next gradient is added.
 * @returns {Method['direction']}
 */
const summed = (kept) => (gradient, velocity, step) => {
  const share = Math.fround(kept(step));
  const mean = Math.fround(gradient.reduce((sum, value) => sum + Math.abs(value), 0) / gradient.length);
  const even = Math.max(mean, TINY);
  for (let i = 0; i < velocity.length; i++) {
    velocity[i] = Math.fround(share * velocity[i]) + Math.fround(gradient[i] / even);
  }
  return velocity.map(Math.sign);
};

/** @type {Record<string, Method>} */
export const METHODS = {
  // A weighted mean: the n-th gradient has the weight n cubed.
  momentum: { direction: summed((step) => (step / (step + 1)) ** 3), reach: 4, size: linear },
  // Every value by the same amount, up or down: I-FGSM (Kurakin et al. 2016).
  sign: { direction: (gradient) => gradient.map(Math.sign), reach: 1, size: linear },
  // Along the gradient itself: the values that matter most move most.
  gradient: {
    direction(gradient) {
      const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), TINY);
      return gradient.map((value) => value / largest);
    },
    reach: 1,
    size: linear,
  },
  calm: { direction: summed(() => 0.75), reach: 2, size: cosine },
};

/** A picture on its way uphill, in a box: never outside 0..255, nor further than epsilon from the start. */
export class Ascent {
  /**
   * @param {Uint8ClampedArray} picture
   * @param {{epsilon: number, steps: number, method?: string}} options epsilon: in pixel values. steps: how many there
   *   will be. method: its name in METHODS.
   */
  constructor(picture, { epsilon, steps, method = 'momentum' }) {
    const reach = Math.min(epsilon, 255); // more is no limit at all
    this.method = METHODS[method];
    this.start = picture;
    this.far = Math.floor(reach);
    this.at = Float32Array.from(picture);
    this.velocity = new Float32Array(picture.length);
    this.first = this.method.reach * reach;
    this.taken = 0;
    this.steps = steps;
  }

  /** Where it is now, in whole numbers; a half goes to the even one. Inside, fractions are kept: small steps add up. */
  get shown() {
    return Uint8ClampedArray.from(this.at);
  }

  /** @param {Float32Array} gradient */
  step(gradient) {
    const direction = this.method.direction(gradient, this.velocity, this.taken);
    const length = Math.fround(this.first * this.method.size(this.taken / this.steps));
    this.at = this.at.map((value, i) => {
      const low = Math.max(this.start[i] - this.far, 0);
      const high = Math.min(this.start[i] + this.far, 255);
      return Math.min(Math.max(Math.fround(value + Math.fround(length * direction[i])), low), high);
    });
    this.taken++;
  }
}

/**
 * Yields a frame before the first step and after each: one forward and one backward pass for each step, and a forward
 * pass for the last.
 * @param {{gradient(picture: Uint8ClampedArray, objective: Objective): Promise<Answer>}} network
 * @param {Uint8ClampedArray} picture
 * @param {Set<number>} target Classes that count as one.
 * @param {{epsilon?: number, steps?: number, method?: string, lessLike?: boolean}} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* trick(network, picture, target, { epsilon = 2, steps = 30, method, lessLike = false } = {}) {
  const ascent = new Ascent(picture, { epsilon, steps, method });
  const objective = { inside: [...target], weight: lessLike ? -1 : 1 };
  for (;;) {
    const shown = ascent.shown;
    const { probabilities, gradient } = await network.gradient(shown, objective);
    yield { step: ascent.taken, picture: shown, probabilities };
    if (ascent.taken === steps) return;
    ascent.step(gradient);
  }
}

/**
 * The probability of a set of classes.
 * @param {Float32Array} probabilities
 * @param {Set<number>} target
 */
export const share = (probabilities, target) => [...target].reduce((sum, one) => sum + probabilities[one], 0);

/**
 * The frame in which the target is most probable or, with lessLike, least. Of equals the last.
 * @param {Frame[]} frames
 * @param {Set<number>} target
 * @param {boolean} [lessLike]
 */
export function best(frames, target, lessLike = false) {
  const rank = (/** @type {Frame} */ frame) => (lessLike ? -1 : 1) * share(frame.probabilities, target);
  return frames.reduce((kept, frame) => (rank(frame) >= rank(kept) ? frame : kept));
}
