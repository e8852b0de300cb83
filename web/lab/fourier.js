// The Fourier transform of a picture of one colour, and back: quick where the sides have small factors, as 224 has.

/** @typedef {{re: Float64Array, im: Float64Array}} Complex */

/** @type {(length: number) => Complex} */
export const zeros = (length) => ({ re: new Float64Array(length), im: new Float64Array(length) });

/** @type {(waves: Complex, by: Float64Array) => Complex} */
export const scaled = ({ re, im }, by) => ({ re: re.map((v, i) => v * by[i]), im: im.map((v, i) => v * by[i]) });

/**
 * Transform each column of n rows, which are `wide` values long: Cooley and Tukey's way, for any n.
 * @param {Complex} values
 * @param {number} n
 * @param {number} wide
 * @param {1 | -1} sign -1 there, 1 back (where nobody has divided by n yet).
 * @returns {Complex}
 */
function columns(values, n, wide, sign) {
  if (n === 1) return values;
  let factor = 2;
  while (n % factor) factor++;
  const [part, result] = [n / factor, zeros(n * wide)];
  for (let r = 0; r < factor; r++) {
    const rows = zeros(part * wide); // r, r + factor, r + 2 factor ...
    for (let row = 0; row < part; row++) {
      const from = (row * factor + r) * wide;
      rows.re.set(values.re.subarray(from, from + wide), row * wide);
      rows.im.set(values.im.subarray(from, from + wide), row * wide);
    }
    const { re, im } = columns(rows, part, wide, sign);
    for (let row = 0; row < n; row++) {
      const angle = (sign * 2 * Math.PI * ((r * row) % n)) / n;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const [to, from] = [row * wide, (row % part) * wide];
      for (let i = 0; i < wide; i++) {
        result.re[to + i] += cos * re[from + i] - sin * im[from + i];
        result.im[to + i] += cos * im[from + i] + sin * re[from + i];
      }
    }
  }
  return result;
}

/** @type {(values: Float64Array, rows: number, wide: number) => Float64Array} */
function turned(values, rows, wide) {
  const result = new Float64Array(values.length);
  for (let y = 0; y < rows; y++) for (let x = 0; x < wide; x++) result[x * rows + y] = values[y * wide + x];
  return result;
}

/**
 * Numbers (height x width) as waves (height x (width / 2 + 1)): the others are mirror images. As numpy.fft.rfft2.
 * @type {(numbers: Float64Array, height: number, width: number) => Complex}
 */
export function forward(numbers, height, width) {
  const half = Math.floor(width / 2) + 1;
  const along = columns(
    { re: turned(numbers, height, width), im: new Float64Array(numbers.length) },
    width,
    height,
    -1,
  );
  const length = half * height;
  const re = turned(along.re.subarray(0, length), half, height);
  const im = turned(along.im.subarray(0, length), half, height);
  return columns({ re, im }, height, half, -1);
}

/** @type {(waves: Complex, height: number, width: number) => Float64Array} The same backward, as numpy.fft.irfft2. */
export function backward(waves, height, width) {
  const half = Math.floor(width / 2) + 1;
  const down = columns(waves, height, half, 1);
  const all = zeros(width * height);
  all.re.set(turned(down.re, height, half));
  all.im.set(turned(down.im, height, half));
  for (let x = half; x < width; x++) {
    const mirror = (width - x) * height;
    for (let y = 0; y < height; y++) {
      all.re[x * height + y] = all.re[mirror + y];
      all.im[x * height + y] = -all.im[mirror + y];
    }
  }
  return turned(columns(all, width, height, 1).re, width, height).map((value) => value / (height * width));
}
