// Dreams, as in tricknet/attacks/dream.py: a climb in waves rather than in pixels, in colours that photographs have.
import { backward, forward, scaled, zeros } from './fourier.js';
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
const [SHIFT, LEAST, MOST] = [16, 0.9, 1.1]; // pixels, and times as large
const FOG = 0.01; // the standard deviation of each part of a wave that a dream starts from
const NO_WAY_UP =
  'Nothing in this picture excites that channel, so there is no gradient to follow. Choose a different channel or picture.';
const HALF = SIDE / 2 + 1;
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
const NATURAL_BACK = [0, 1, 2].map((primary) => NATURAL.map((row) => row[primary]));

/** How much each wave counts: less, the shorter it is. */
const STRENGTHS = Float64Array.from({ length: SIDE * HALF }, (_, i) => {
  const [row, column] = [Math.floor(i / HALF), i % HALF];
  const perPixel = Math.hypot(Math.min(row, SIDE - row), column) / SIDE;
  return SIDE / 4 / Math.max(perPixel, 1 / SIDE);
});

/** And how much a picture changes with it. A wave stands for its mirror image, too, unless it is its own. */
const STEEPNESS = STRENGTHS.map((value, i) => (value * ((i % HALF) % (HALF - 1) ? 2 : 1)) / COUNT);
const WEAKNESSES = STRENGTHS.map((value) => 1 / value);

/**
 * Three sums of each pixel's three values, weighted by the rows, as waves.
 * @type {(rows: number[][], values: ArrayLike<number>, by: Float64Array) => Complex[]}
 */
const wavesOf = (rows, values, by) =>
  rows.map(([a, b, c]) => {
    const sums = Float64Array.from({ length: COUNT }, (_, i) => {
      return a * values[3 * i] + b * values[3 * i + 1] + c * values[3 * i + 2];
    });
    return scaled(forward(sums, SIDE, SIDE), by);
  });

/** A dream: waves for each primary, and steps up a gradient by Adam (Kingma and Ba 2015). */
export class Dream {
  /** @type {Float64Array} The picture, with fractions. */
  picture = new Float64Array(3 * COUNT);
  taken = 0;
  #mean = [0, 1, 2].map(() => zeros(SIDE * HALF));
  #square = [0, 1, 2].map(() => new Float64Array(SIDE * HALF));

  /**
   * @param {Complex[]} waves One for each primary.
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
    const parts = this.waves.map((waves) => backward(scaled(waves, STRENGTHS), SIDE, SIDE));
    for (let i = 0; i < COUNT; i++) {
      for (let c = 0; c < 3; c++) {
        const sum = NATURAL[c][0] * parts[0][i] + NATURAL[c][1] * parts[1][i] + NATURAL[c][2] * parts[2][i];
        this.picture[3 * i + c] = 255 / (1 + Math.exp(-sum));
      }
    }
  }

  /** @param {ArrayLike<number>} gradient Of the picture. */
  step(gradient) {
    const inside = this.picture.map((value, i) => gradient[i] * value * (1 - value / 255));
    const slopes = wavesOf(NATURAL_BACK, inside, STEEPNESS); // how much the objective grows with each wave
    const size = STEP * Math.cos(((Math.PI / 2) * this.taken) / this.steps) ** 2;
    this.taken++;
    const [first, second] = [1 - 0.9 ** this.taken, 1 - 0.99 ** this.taken];
    for (const [primary, { re, im }] of slopes.entries()) {
      const [mean, square, waves] = [this.#mean[primary], this.#square[primary], this.waves[primary]];
      for (let i = 0; i < re.length; i++) {
        mean.re[i] = 0.9 * mean.re[i] + 0.1 * re[i];
        mean.im[i] = 0.9 * mean.im[i] + 0.1 * im[i];
        square[i] = 0.99 * square[i] + 0.01 * (re[i] ** 2 + im[i] ** 2);
        const by = size / first / (Math.sqrt(square[i] / second) + 1e-20);
        waves.re[i] += by * mean.re[i];
        waves.im[i] += by * mean.im[i];
      }
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
  return wavesOf(UNMIXED, logits, WEAKNESSES);
}

/** @type {(picture: Uint8ClampedArray) => Uint8ClampedArray} A picture nearer to grey: more room for a dream. */
export const pale = (picture) => picture.map((value) => 117 + 0.25 * (value - 117));

/** @type {(chance: Chance) => Complex[]} Grey noise: a little of every wave. */
export function noise(chance) {
  const some = () => Float64Array.from({ length: SIDE * HALF }, () => FOG * normal(chance));
  return [0, 1, 2].map(() => ({ re: some(), im: some() }));
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
 * Down a picture's rows where a step is a row long, along them where it is a pixel: each value becomes a mean.
 * @type {(values: ArrayLike<number>, means: Means, step: number) => Float32Array}
 */
export function mixed(values, means, step) {
  const result = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += SIDE * step) {
    for (const [to, mean] of means.entries()) {
      for (const [from, weight] of mean) {
        for (let i = begin; i < begin + step; i++) result[i + step * to] += weight * values[i + step * from];
      }
    }
  }
  return result;
}

/** @type {(means: Means) => Means} The other way round: which means each row is in. */
function turned(means) {
  /** @type {Means} */
  const result = means.map(() => []);
  for (const [to, mean] of means.entries()) for (const [from, weight] of mean) result[from].push([to, weight]);
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
    return mixed(mixed(gradient, turned(this.rows), ROW), turned(this.columns), 3);
  }
}

/**
 * Yields a frame before the first step and then every few steps, with what the network says about that very picture.
 * @param {Network} network
 * @param {Objective} objective
 * @param {Complex[]} start
 * @param {{steps: number, chance: Chance, shown?: (step: number) => boolean}} options shown: after which steps?
 * @returns {AsyncGenerator<Frame>}
 */
export async function* dreaming(network, objective, start, { steps, chance, shown = (step) => step % 4 === 0 }) {
  const dream = new Dream(start, steps);
  for (;;) {
    const picture = dream.rounded;
    if (shown(dream.taken) || dream.taken === steps) {
      yield { step: dream.taken, picture, probabilities: await network.predict(picture) };
    }
    if (dream.taken === steps) return;
    const seen = new Seen(glimpse(chance));
    const { gradient } = await network.gradient(seen.of(dream.picture), objective);
    if (gradient.every((value) => !value)) throw new Error(NO_WAY_UP);
    dream.step(seen.back(gradient));
  }
}
