// Lesson 15's walks, as `of_equal_length` in lessons/better_network/drawings.py takes them: along the gradient of the
// margin, with a change of a given length. tests/web/test_twins.py compares the two.
import { norm } from './picture.js';

/** @import { Asked, Frame } from './attack.js' */

const REACH = 12; // a step is so many times longer than what a walk may grow by, so that it can also turn
const SETTLED = 8; // rounds: clipping shortens a change, and lengthening it clips more of it

/**
 * Yields the start, and the picture after each step: after step t of `steps` the change is t / steps of `length` long.
 * @param {Asked} network
 * @param {Uint8ClampedArray} start
 * @param {number} target
 * @param {{length: number, steps: number}} options length: L2, in pixel values.
 * @returns {AsyncGenerator<Frame>}
 */
export async function* ofEqualLength(network, start, target, { length, steps }) {
  /** @type {Float64Array} */
  let change = new Float64Array(start.length);
  let [picture, rival] = [start, target];
  for (let step = 0; ; step++) {
    const probabilities = await network.predict(picture);
    yield { step, picture, probabilities };
    if (step === steps) return;
    const slope = new Float32Array(probabilities.length);
    rival = strongest(probabilities, target) ?? rival;
    slope[target] = 1;
    slope[rival] -= 1;
    const { gradient } = await network.gradient(picture, { slope });
    const size = (REACH * length) / steps / norm(gradient);
    const further = change.map((value, i) => value + size * gradient[i]);
    change = lengthened(start, further, (length * (step + 1)) / steps);
    picture = Uint8ClampedArray.from(start, (value, i) => value + change[i]);
  }
}

/**
 * The most probable class but one; none where the network is so sure of that one that float32 has 0 for all others.
 * @type {(probabilities: Float32Array, but: number) => number | undefined}
 */
function strongest(probabilities, but) {
  const others = probabilities.with(but, -1);
  const most = Math.max(...others);
  return most > 0 ? others.indexOf(most) : undefined;
}

/**
 * The change at this length, with every value of the picture inside 0..255.
 * @type {(start: Uint8ClampedArray, change: Float64Array, length: number) => Float64Array}
 */
function lengthened(start, change, length) {
  for (let round = 0; round < SETTLED; round++) {
    const times = length / norm(change);
    change = change.map((value, i) => Math.min(Math.max(start[i] + value * times, 0), 255) - start[i]);
  }
  return change;
}
