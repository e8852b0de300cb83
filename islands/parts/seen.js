// What is seen of a way at one place: a picture, what a network says of it, and the probabilities that are drawn.
import { pixels, square } from './picture.js';
import { top } from './words.js';

/** @import { Frame } from './attack.js' */
/** @import { Network } from './figure.js' */
/** @import { Picture } from './picture.js' */

/** says: such as "giant panda 99.6%". heights: probabilities. @typedef {Picture & {says: string, heights: number[]}} Seen */

/**
 * A way that is stored. changes: the address of a picture with the change of each step, one below the other, where a
 * value counts modulo 256.
 * @typedef {{changes: string, says: string[], heights: number[][]}} Stored
 */

/** @type {(network: Pick<Network, 'labels'>, frame: Omit<Frame, 'step'>, classes?: number[]) => Seen} */
export function seen({ labels }, { picture, probabilities }, classes) {
  const [{ words, index }] = top(labels, probabilities);
  const heights = (classes ?? [index]).map((one) => probabilities[one]);
  return { ...square(picture), says: words, heights };
}

/** @type {(coming: Picture | Promise<Picture>, stored: Stored) => Promise<Seen[]>} What is seen before the first step, and after each. */
export async function unpack(coming, { changes, says, heights }) {
  const [{ rgb: start, ...sides }, { rgb: strip }] = await Promise.all([coming, pixels(changes)]);
  const frames = [{ ...sides, rgb: start, says: says[0], heights: heights[0] }];
  for (let i = 1; i < says.length; i++) {
    const rgb = strip.slice((i - 1) * start.length, i * start.length);
    for (let j = 0; j < rgb.length; j++) rgb[j] = (rgb[j] + frames[i - 1].rgb[j]) & 255;
    frames.push({ ...sides, rgb, says: says[i], heights: heights[i] });
  }
  return frames;
}
