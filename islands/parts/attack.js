// The steps of a trick, as in tricknet/attacks/steps.py and trick.py: along a gradient, in a box, in whole numbers.
// A picture is Uint8ClampedArray, RGB, height x width x 3. Between the steps it keeps fractions, in float32 as NumPy does.
// tests/web/test_twins.py compares all attacks here with Python's.

/** @import { Network } from './figure.js' */

/** What an attack asks. @typedef {Pick<Network, 'predict' | 'gradient'>} Asked */

/**
 * What was reached: before the first step, or after one.
 * @typedef {{step: number, picture: Uint8ClampedArray, probabilities: Float32Array}} Frame
 */

/**
 * Takes a gradient, the velocity and how many steps were taken. Gives where the next step goes, and the next velocity.
 * @typedef {(gradient: Float32Array, velocity: Float32Array, taken: number) => [Float32Array, Float32Array]} Direction
 */

const LED = 3; // frames in a row that a target leads, before its trick is settled
const TINY = 2 ** -126; // in place of 0, so that a gradient of nothing but 0 is a step of 0

/** Is no class more probable? @type {(frame: Pick<Frame, 'probabilities'>, target: number) => boolean} */
export const leads = ({ probabilities }, target) => probabilities.every((p) => p <= probabilities[target]);

/** Has the target led for two steps more? Then the other steps can wait. @type {(frames: Frame[], target: number) => boolean} */
export const settled = (frames, target) =>
  frames.length >= LED && frames.slice(-LED).every((frame) => leads(frame, target));

/** @type {Direction} */
const sign = (gradient, velocity) => [gradient.map(Math.sign), velocity];

/** @type {Direction} */
function along(gradient, velocity) {
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), TINY);
  return [gradient.map((value) => value / largest), velocity];
}

/**
 * The signs of a sum of all gradients so far, each divided by its mean size (Dong et al. 2018). share: what each step
 * keeps of the sum.
 * @type {(share: (taken: number) => number) => Direction}
 */
const summed = (share) => (gradient, velocity, taken) => {
  const kept = Math.fround(share(taken));
  const mean = Math.fround(gradient.reduce((sum, value) => sum + Math.abs(value), 0) / gradient.length);
  const even = Math.max(mean, TINY);
  const sum = velocity.map((value, i) => Math.fround(kept * value) + Math.fround(gradient[i] / even));
  return [sum.map(Math.sign), sum];
};

const linear = (/** @type {number} */ done) => 1 - done;
const cosine = (/** @type {number} */ done) => (1 + Math.cos(Math.PI * done)) / 2;

/**
 * The lab's methods, as in lessons/lab/lab.py. reach: the length of the first step, in epsilons. size: takes the share of steps taken, and
 * gives the length of the next one, as a share of the first.
 * @type {Record<string, {direction: Direction, reach: number, size: (done: number) => number}>}
 */
export const METHODS = {
  'small steps': { direction: sign, reach: 1 / 8, size: () => 1 },
  momentum: { direction: summed((taken) => (taken / (taken + 1)) ** 3), reach: 4, size: linear },
  sign: { direction: sign, reach: 1, size: linear },
  gradient: { direction: along, reach: 1, size: linear },
  calm: { direction: summed(() => 0.75), reach: 2, size: cosine },
};

/**
 * Yields a frame before the first step and after each: one forward and one backward pass for each step, and a forward
 * pass for the last frame.
 * @param {Asked} network
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class.
 * @param {{epsilon: number, steps: number, method?: string, from?: Uint8ClampedArray}} options epsilon: a whole number of
 *   pixel values. from: where the walk goes on; without it, it begins at `start`.
 * @returns {AsyncGenerator<Frame>}
 */
export async function* trick(network, start, target, { epsilon, steps, method = 'momentum', from = start }) {
  const { direction, reach, size } = METHODS[method];
  const [low, high] = [start.map((value) => value - epsilon), start.map((value) => value + epsilon)]; // in 0..255
  let at = Float32Array.from(from);
  /** @type {Float32Array} */
  let velocity = new Float32Array(start.length);
  for (let step = 0; step < steps; step++) {
    const picture = Uint8ClampedArray.from(at); // a half goes to the even number
    const { probabilities, gradient } = await network.gradient(picture, { target });
    yield { step, picture, probabilities };
    const [way, next] = direction(gradient, velocity, step);
    const length = Math.fround(reach * epsilon * size(step / steps));
    at = at.map((value, i) => Math.min(Math.max(value + Math.fround(length * way[i]), low[i]), high[i]));
    velocity = next;
  }
  const picture = Uint8ClampedArray.from(at);
  yield { step: steps, picture, probabilities: await network.predict(picture) };
}
