// A round sticker laid on a picture, as in tricknet/attacks/sticker.py, in float32 as NumPy does; but it isn't turned.
import { SIDE } from './picture.js';

/** @import { Picture } from './picture.js' */

const { fround } = Math;

/**
 * The picture with the sticker on it; it may hang over the edge.
 * @param {Uint8ClampedArray} picture
 * @param {Picture} sticker A square, of which only the disc is used.
 * @param {number[]} centre Row and column, in pixels of the picture.
 * @param {number} size Its diameter there.
 */
export function place(picture, { width: side, rgb }, [row, column], size) {
  const result = picture.slice();
  const [down, along] = [row, column].map((middle) => resampling(middle, side, size));
  for (const [y, byRow] of down) {
    for (const [x, byColumn] of along) {
      let covered = 0;
      const sum = [0, 0, 0];
      for (const [v, a] of byRow) {
        for (const [u, b] of byColumn) {
          if (Math.hypot(v - (side - 1) / 2, u - (side - 1) / 2) > side / 2) continue;
          const weight = fround(a * b);
          covered = fround(covered + weight);
          for (let channel = 0; channel < 3; channel++)
            sum[channel] = fround(sum[channel] + fround(weight * rgb[3 * (v * side + u) + channel]));
        }
      }
      const at = 3 * (y * SIDE + x);
      for (let channel = 0; channel < 3; channel++) {
        const bare = fround(fround(1 - covered) * picture[at + channel]);
        result[at + channel] = fround(bare + sum[channel]); // rounded, a half to the even one
      }
    }
  }
  return result;
}

/**
 * For each row (or column) of the picture near the sticker, the sticker's own rows that it is a mean of, with weights.
 * Those beyond the sticker's edge count in the mean, and are left out of it.
 * @type {(middle: number, side: number, size: number) => [number, [number, number][]][]}
 */
function resampling(middle, side, size) {
  const scale = size / side;
  const reach = size / 2 + 2 + scale;
  const wide = Math.max(1 / scale, 1);
  const from = Math.max(0, Math.trunc(middle - reach));
  const to = Math.min(SIDE, Math.trunc(middle + reach));
  return Array.from({ length: Math.max(to - from, 0) }, (_, i) => {
    const at = (from + i + 0.5 - middle) * (1 / scale) + side / 2 - 0.5;
    const inside = tent(at, wide).filter(([index, weight]) => weight > 0 && index >= 0 && index < side);
    return [from + i, inside];
  });
}

/**
 * The whole numbers around a place, and their weights: a tent, `wide` on each side. All weights are 1 in all.
 * @type {(at: number, wide: number) => [number, number][]}
 */
export function tent(at, wide) {
  const reach = Math.ceil(wide);
  const near = Array.from({ length: 2 * reach }, (_, i) => Math.floor(at) + 1 - reach + i);
  const weights = near.map((index) => Math.max(0, 1 - Math.abs(index - at) / wide));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return near.map((index, i) => [index, weights[i] / all]);
}
