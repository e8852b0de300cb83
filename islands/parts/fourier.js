// The Fourier transform of a square picture, and back: quick where the side has small factors, as 224 has.

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
 * @param {1 | -1} sign -1 there, 1 back.
 * @param {number} first Which row is the first of them,
 * @param {number} stride and how many rows further the next.
 * @returns {Complex}
 */
function columns({ re, im }, n, wide, sign, first = 0, stride = 1) {
  const row = [first * wide, (first + 1) * wide];
  if (n === 1) return { re: re.subarray(...row), im: im.subarray(...row) };
  let factor = 2;
  while (n % factor) factor++;
  const [part, result] = [n / factor, zeros(n * wide)];
  for (let r = 0; r < factor; r++) {
    const some = columns({ re, im }, part, wide, sign, first + r * stride, factor * stride);
    for (let row = 0; row < n; row++) {
      const angle = (sign * 2 * Math.PI * ((r * row) % n)) / n;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const [to, from] = [row * wide, (row % part) * wide];
      for (let i = 0; i < wide; i++) {
        result.re[to + i] += cos * some.re[from + i] - sin * some.im[from + i];
        result.im[to + i] += cos * some.im[from + i] + sin * some.re[from + i];
      }
    }
  }
  return result;
}

/** @type {(values: Float64Array, side: number) => Float64Array} Rows become columns; a pixel has three values. */
function turned(values, side) {
  const result = new Float64Array(values.length);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let c = 0; c < 3; c++) result[3 * (x * side + y) + c] = values[3 * (y * side + x) + c];
  return result;
}

/**
 * A square picture (side x side x 3) as waves, or (with a sign of 1) waves as side x side times a picture, as
 * numpy.fft.fft2 and ifft2. Of waves, rows are columns.
 * @type {(values: Complex, side: number, sign: 1 | -1) => Complex}
 */
export function transform(values, side, sign) {
  const { re, im } = columns(values, side, 3 * side, sign);
  return columns({ re: turned(re, side), im: turned(im, side) }, side, 3 * side, sign);
}
