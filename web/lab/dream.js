// Dreams, as in tricknet/attacks/dream.py: a climb in waves rather than in pixels, in colours that photographs have.
import { scaled, transform, zeros } from './fourier.js';
import { SIDE } from './picture.js';
import { normal } from './random.js';
import { tent } from './sticker.js';

/** @import { Frame } from './attack.js' */
/** @import { Complex } from './fourier.js' */
/** @import { Network, Objective } from './network.js' */
/** @import { Chance } from './random.js' */

/** @typedef {{times: number, down: number, along: number}} Glimpse How the network sees it: how large, and from where. */
/** @typedef {[number, number][][]} Means For each row (or column), which rows it is a mean of, with weights. */

const STEP = 0.05;
export const SHOWN = 4; // steps from one frame to the next
const [SHIFT, LEAST, MOST] = [16, 0.9, 1.1]; // pixels, and times as large
const FOG = 0.01; // the standard deviation of each part of a wave that a dream starts from
const NO_WAY_UP =
  'Nothing in this picture excites that channel, so there is no gradient to follow. Choose a different channel or picture.';
const COUNT = SIDE * SIDE;
export const ROW = 3 * SIDE; // values
// Three primaries: light, blue to orange, green to purple. Mixed at random, they vary as the colours of ImageNet's do.
const NATURAL = [
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
const NATURAL_BACK = [0, 1, 2].map((primary) => NATURAL.map((row) => row[primary]));

/** How much each wave adds to a picture: less, the shorter it is. */
const STRENGTHS = Float64Array.from({ length: 3 * COUNT }, (_, i) => {
  const [row, column] = [Math.floor(i / ROW), Math.floor(i / 3) % SIDE].map((n) => Math.min(n, SIDE - n));
  return SIDE / 4 / Math.max(Math.hypot(row, column) / SIDE, 1 / SIDE) / COUNT;
});

/** @type {(values: ArrayLike<number>, rows: number[][]) => Float64Array} Each pixel's values, mixed: a sum for each row. */
function coloured(values, rows) {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 3)
    for (let c = 0; c < 3; c++)
      result[i + c] = rows[c][0] * values[i] + rows[c][1] * values[i + 1] + rows[c][2] * values[i + 2];
  return result;
}

/** @type {(gradient: ArrayLike<number>) => Float64Array} With more of what photographs vary in, light above all. */
export const natural = (gradient) => coloured(coloured(gradient, NATURAL_BACK), NATURAL);

/** @type {(values: Float64Array) => Complex} */
const wavesOf = (values) => transform({ re: values, im: new Float64Array(values.length) }, SIDE, -1);

/** A dream: waves for each primary, and steps up a gradient by Adam (Kingma and Ba 2015). */
export class Dream {
  /** @type {Float64Array} The picture, with fractions. */
  picture = new Float64Array(3 * COUNT);
  taken = 0;
  #mean = zeros(3 * COUNT);
  #square = new Float64Array(3 * COUNT);

  /**
   * @param {Complex} waves
   * @param {number} steps How many there will be.
   */
  constructor(waves, steps) {
    this.waves = waves;
    this.steps = steps;
    this.#paint();
  }

  /** The picture in whole numbers. */
  get rounded() {
    return Uint8ClampedArray.from(this.picture);
  }

  #paint() {
    const primaries = transform(scaled(this.waves, STRENGTHS), SIDE, 1).re;
    this.picture = coloured(primaries, NATURAL).map((sum) => 255 / (1 + Math.exp(-sum)));
  }

  /** @param {ArrayLike<number>} gradient Of the picture. */
  step(gradient) {
    const inside = this.picture.map((value, i) => gradient[i] * value * (1 - value / 255));
    const { re, im } = wavesOf(coloured(inside, NATURAL_BACK)); // up to a factor for each wave, for which Adam makes up
    const size = STEP * Math.cos(((Math.PI / 2) * this.taken) / this.steps) ** 2;
    this.taken++;
    const [first, second] = [1 - 0.9 ** this.taken, 1 - 0.99 ** this.taken];
    const [mean, square, waves] = [this.#mean, this.#square, this.waves];
    for (let i = 0; i < re.length; i++) {
      mean.re[i] = 0.9 * mean.re[i] + 0.1 * re[i];
      mean.im[i] = 0.9 * mean.im[i] + 0.1 * im[i];
      square[i] = 0.99 * square[i] + 0.01 * (re[i] ** 2 + im[i] ** 2);
      const by = size / first / (Math.sqrt(square[i] / second) + 1e-20);
      waves.re[i] += by * mean.re[i];
      waves.im[i] += by * mean.im[i];
    }
    this.#paint();
  }
}

/**
 * The waves that add up to a picture, whose values come no nearer than 1 to 0 and 255.
 * @param {ArrayLike<number>} picture
 */
export function waves(picture) {
  const logits = Float64Array.from(picture, (value) => {
    const share = Math.min(Math.max(value, 1), 254) / 255;
    return Math.log(share / (1 - share));
  });
  return scaled(
    wavesOf(coloured(logits, UNMIXED)),
    STRENGTHS.map((value) => 1 / value / COUNT),
  );
}

/** @type {(picture: Uint8ClampedArray) => Uint8ClampedArray} A picture nearer to grey: more room for a dream. */
export const pale = (picture) => picture.map((value) => 117 + 0.25 * (value - 117));

/** @type {(chance: Chance) => Uint8ClampedArray} Grey noise: a picture with a little of every wave. */
export function noise(chance) {
  const white = Float64Array.from({ length: 3 * COUNT }, () => FOG * Math.sqrt(2 / COUNT) * normal(chance));
  return new Dream(wavesOf(white), 1).rounded;
}

/** @type {(chance: Chance) => Glimpse} */
function glimpse(chance) {
  const times = LEAST * (MOST / LEAST) ** chance();
  const far = Math.max(SIDE - SIDE / times, 0) / 2 + SHIFT;
  return { times, down: far * (2 * chance() - 1), along: far * (2 * chance() - 1) };
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

/** A glimpse of a picture, and the way back for its gradient. */
export class Seen {
  /** @param {Glimpse} glimpse */
  constructor({ times, down, along }) {
    this.rows = looking(times, down);
    this.columns = looking(times, along);
  }

  /** @param {ArrayLike<number>} picture */
  of(picture) {
    return mixed(mixed(picture, this.rows, ROW), this.columns, 3);
  }

  /** @param {ArrayLike<number>} gradient */
  back(gradient) {
    return mixed(mixed(gradient, this.rows, ROW, true), this.columns, 3, true);
  }
}

/**
 * Yields a frame before the first step and then every few steps, with what the network says about that very picture.
 * @param {Network} network
 * @param {Objective} objective
 * @param {Uint8ClampedArray} start
 * @param {{steps: number, chance: Chance}} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* dreaming(network, objective, start, { steps, chance }) {
  const dream = new Dream(waves(start), steps);
  for (;;) {
    const picture = dream.rounded;
    if (dream.taken % SHOWN === 0 || dream.taken === steps) {
      yield { step: dream.taken, picture, probabilities: await network.predict(picture) };
    }
    if (dream.taken === steps) return;
    const seen = new Seen(glimpse(chance));
    const { gradient } = await network.gradient(seen.of(dream.picture), objective);
    if (gradient.every((value) => !value)) throw new Error(NO_WAY_UP);
    dream.step(seen.back(gradient));
  }
}
