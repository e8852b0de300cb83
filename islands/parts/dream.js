// Dreams, as in tricknet/attacks/dream.py: a climb in waves rather than in pixels, in colours that photographs have.
import { scaled, transform, zeros } from './fourier.js';
import { SIDE } from './picture.js';
import { normal } from './random.js';
import { tent } from './sticker.js';

/** @import { Asked, Frame } from './attack.js' */
/** @import { Complex } from './fourier.js' */
/** @import { Chance } from './random.js' */

/** @typedef {[number, number][][]} Means For each row (or column), which rows it is a mean of, with weights. */

const STEP = 0.05;
const SHOWN = 4; // steps from one frame to the next
const [SHIFT, LEAST, MOST] = [16, 0.9, 1.1]; // pixels, and times as large
const FOG = 0.01; // the standard deviation of each part of a wave that a dream starts from
const COUNT = SIDE * SIDE;
export const ROW = 3 * SIDE; // values
// Three primaries: light, blue to orange, green to purple. Mixed at random, they vary as the colours of ImageNet's do.
export const NATURAL = [
  [0.26, 0.09, 0.02],
  [0.27, 0.0, -0.05],
  [0.27, -0.09, 0.03],
].map((row) => row.map((value) => value / 0.462));
/** The inverse: from red, green and blue to the primaries. */
const UNMIXED = [
  [1.25, 1.25, 1.25],
  [6, -2 / 3, -46 / 9],
  [6.75, -13.25, 6.75],
].map((row) => row.map((value) => value * 0.462));
export const NATURAL_BACK = [0, 1, 2].map((primary) => NATURAL.map((row) => row[primary]));

/** How much each wave adds to a picture: less, the shorter it is. */
const STRENGTHS = Float64Array.from({ length: 3 * COUNT }, (_, i) => {
  const [row, column] = [Math.floor(i / ROW), Math.floor(i / 3) % SIDE].map((n) => Math.min(n, SIDE - n));
  return SIDE / 4 / Math.max(Math.hypot(row, column) / SIDE, 1 / SIDE) / COUNT;
});

/** @type {(values: ArrayLike<number>, rows: number[][]) => Float64Array} Each pixel's values, mixed: a sum for each row. */
export function coloured(values, rows) {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 3)
    for (let c = 0; c < 3; c++)
      result[i + c] = rows[c][0] * values[i] + rows[c][1] * values[i + 1] + rows[c][2] * values[i + 2];
  return result;
}

/** @type {(values: Float64Array) => Complex} */
const wavesOf = (values) => transform({ re: values, im: new Float64Array(values.length) }, SIDE, -1);

/** @type {(waves: Complex) => Float64Array} The picture that they add up to, with fractions. */
const painted = (waves) =>
  coloured(transform(scaled(waves, STRENGTHS), SIDE, 1).re, NATURAL).map((sum) => 255 / (1 + Math.exp(-sum)));

/** @type {(picture: Uint8ClampedArray) => Complex} The waves that add up to a picture, but to no black or white. */
function wavesIn(picture) {
  const inside = picture.map((value) => Math.min(Math.max(value, 1), 254));
  const logits = Float64Array.from(inside, (value) => Math.log(value / (255 - value)));
  const strengths = STRENGTHS.map((value) => 1 / value / COUNT);
  return scaled(wavesOf(coloured(logits, UNMIXED)), strengths);
}

/** @type {(chance: Chance) => Uint8ClampedArray} Grey noise: a picture with a little of every wave. */
export function noise(chance) {
  const waves = zeros(3 * COUNT);
  for (const part of [waves.re, waves.im]) {
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column <= SIDE / 2; column++) {
        const times = column % (SIDE / 2) ? 2 : 1; // a wave stands for its mirror image, too, unless it is its own
        for (let c = 0; c < 3; c++) part[column * ROW + 3 * row + c] = times * FOG * normal(chance);
      }
    }
  }
  return Uint8ClampedArray.from(painted(waves));
}

/**
 * What the network sees of a picture; beyond an edge it begins again at the other one.
 * @type {(times: number, moved: number) => Means}
 */
function looking(times, moved) {
  return Array.from({ length: SIDE }, (_, i) => {
    const at = (i + 0.5 - SIDE / 2) / times + SIDE / 2 - 0.5 + moved;
    return tent(at, Math.max(1 / times, 1)).map(([index, weight]) => [((index % SIDE) + SIDE) % SIDE, weight]);
  });
}

/**
 * Down a picture's rows where a step is a row long, along them where it is a pixel: each value becomes a mean. Or back:
 * each value goes to all those that it is a mean of.
 * @type {(values: ArrayLike<number>, means: Means, step: number, back?: boolean) => Float32Array}
 */
export function mixed(values, means, step, back = false) {
  const result = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += SIDE * step) {
    for (const [row, mean] of means.entries()) {
      for (const [other, weight] of mean) {
        const [to, from] = back ? [other, row] : [row, other];
        for (let i = begin; i < begin + step; i++) result[i + step * to] += weight * values[i + step * from];
      }
    }
  }
  return result;
}

/**
 * Yields a frame before the first step and then every few steps, with what the network says about that very picture.
 * The waves climb by Adam (Kingma and Ba 2015).
 * @param {Asked} network
 * @param {Uint8ClampedArray} start
 * @param {number} target The index of a class.
 * @param {{steps: number, chance: Chance}} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* dreaming(network, start, target, { steps, chance }) {
  let slope = new Float32Array(); // of the class's logit
  const waves = wavesIn(start);
  const mean = zeros(3 * COUNT);
  const square = new Float64Array(3 * COUNT);
  for (let step = 0; ; step++) {
    const dream = painted(waves);
    if (step % SHOWN === 0 || step === steps) {
      const picture = Uint8ClampedArray.from(dream);
      const probabilities = await network.predict(picture);
      yield { step, picture, probabilities };
      slope = new Float32Array(probabilities.length).fill(1, target, target + 1);
    }
    if (step === steps) return;
    const times = LEAST * (MOST / LEAST) ** chance();
    const far = Math.max(SIDE - SIDE / times, 0) / 2 + SHIFT;
    const [rows, columns] = [0, 1].map(() => looking(times, far * (2 * chance() - 1)));
    const seen = mixed(mixed(dream, rows, ROW), columns, 3);
    const { gradient } = await network.gradient(seen, { slope });
    const back = mixed(mixed(gradient, rows, ROW, true), columns, 3, true);
    const inside = dream.map((value, i) => back[i] * value * (1 - value / 255));
    const { re, im } = wavesOf(coloured(inside, NATURAL_BACK)); // up to a factor for each wave, for which Adam makes up
    const size = STEP * Math.cos(((Math.PI / 2) * step) / steps) ** 2;
    const [first, second] = [0.9, 0.99].map((kept) => 1 - kept ** (step + 1));
    for (let i = 0; i < re.length; i++) {
      mean.re[i] = 0.9 * mean.re[i] + 0.1 * re[i];
      mean.im[i] = 0.9 * mean.im[i] + 0.1 * im[i];
      square[i] = 0.99 * square[i] + 0.01 * (re[i] ** 2 + im[i] ** 2);
      const by = size / first / (Math.sqrt(square[i] / second) + 1e-20);
      waves.re[i] += by * mean.re[i];
      waves.im[i] += by * mean.im[i];
    }
  }
}
