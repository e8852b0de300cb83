// A picture file as the networks take it, as tricknet/images.py reads it: the centre square, RGB, 224 x 224; and back.

export const SIDE = 224;
const MAX_FILE = 30_000_000; // bytes
const MAX_PIXELS = 100_000_000; // unpacked, each takes 4 bytes
const STRIP = 64; // rows that are made smaller at a time
const BITS = 22; // of a weight, as in Pillow

/** Exact pixels, RGB. @typedef {{rgb: Uint8ClampedArray, width: number, height: number}} Picture */

/** As the networks take it. @type {(rgb: Uint8ClampedArray) => Picture} */
export const square = (rgb) => ({ rgb, width: SIDE, height: SIDE });

/** How far any value has moved. @type {(before: Uint8ClampedArray, after: Uint8ClampedArray) => number} */
export const far = (before, after) => after.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i])), 0);

/**
 * A picture file, transparency on white. Of an animation, the first frame.
 * @param {Blob} file
 */
export async function read(file) {
  const name = (file instanceof File && file.name.slice(-60)) || 'The picture';
  if (file.size > MAX_FILE) {
    const megabytes = Math.round(file.size / 1e6);
    throw new Error(`${name} is ${megabytes} MB, and at most 30 MB can be read here. Make it smaller and try again.`);
  }
  const { width, height } = await sides(file);
  if (width * height > MAX_PIXELS) {
    throw new Error(`${name} has ${width} x ${height} pixels, which is too many. Make it smaller and try again.`);
  }
  const rgb = await squared(file);
  if (rgb) return rgb;
  const known = /^image\/(jpeg|png|gif|webp|bmp)$/.test(file.type);
  const why = known ? '' : ', or in a format that not every browser reads, such as HEIC, TIFF or SVG';
  throw new Error(`${name} is damaged or incomplete${why}. Save it again as JPEG or PNG.`);
}

/**
 * How large a picture is, before anything is unpacked; 0 x 0 if it is none.
 * @param {Blob} file
 */
async function sides(file) {
  const image = new Image();
  await new Promise((resolve) => {
    image.onload = image.onerror = resolve;
    image.src = URL.createObjectURL(file);
  });
  URL.revokeObjectURL(image.src);
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/** @type {(width: number, height: number) => OffscreenCanvasRenderingContext2D} */
const sheet = (width, height) =>
  /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  );

/** @type {(address: string) => Promise<Picture>} The pixels of what is at an address, whatever its size. */
export async function pixels(address) {
  const reached = await fetch(address).catch(() => null);
  if (!reached?.ok) throw new Error('The picture cannot be fetched. Try again later.');
  const file = await reached.blob();
  const image = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  const { width, height } = image;
  const context = sheet(width, height);
  context.drawImage(image, 0, 0);
  return { rgb: taken(context), width, height };
}

const taken = (/** @type {OffscreenCanvasRenderingContext2D} */ context) => {
  const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  const rgb = new Uint8ClampedArray((data.length / 4) * 3);
  for (let i = 0, j = 0; i < data.length; i++) if (i % 4 < 3) rgb[j++] = data[i];
  return rgb;
};

/** @type {(video: HTMLVideoElement) => Uint8ClampedArray} The centre square of what it shows, made smaller at once, as the browser likes. */
export function glimpse(video) {
  const [width, height, context] = [video.videoWidth, video.videoHeight, sheet(SIDE, SIDE)];
  const side = Math.min(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return taken(context);
}

/**
 * The centre square of a picture or a file, 224 x 224; null if the file is no picture. A worker makes it, so that the page
 * does not freeze; where a browser or its host lets none start, or it fails, the page does.
 * @param {Blob | ImageBitmap} from
 * @returns {Promise<Uint8ClampedArray | null>}
 */
export async function squared(from) {
  const worker = new Worker(new URL('./squarer.js', import.meta.url), { type: 'module' });
  const made = new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => resolve(fitted(from));
    worker.postMessage(from);
  });
  return made.finally(() => worker.terminate());
}

/**
 * The same, where it is called: made smaller or larger as Pillow's bicubic filter does it, to the last digit.
 * @type {typeof squared}
 */
export async function fitted(from) {
  const image = await createImageBitmap(from, { colorSpaceConversion: 'none' }).catch(() => null);
  if (!image) return null;
  const side = Math.min(image.width, image.height);
  const [columns, rows] = [image.width, image.height].map((all) => bicubic((all - side) / 2, side, all));
  const thin = new Uint8ClampedArray(3 * SIDE * image.height);
  const left = columns[0].begin;
  const strip = sheet(columns[SIDE - 1].end - left, STRIP); // there may be no memory for a whole large photograph
  strip.fillStyle = 'white';
  for (let top = 0; top < image.height; top += STRIP) {
    strip.fillRect(0, 0, strip.canvas.width, STRIP);
    strip.drawImage(image, -left, -top);
    const data = strip.getImageData(0, 0, strip.canvas.width, STRIP).data;
    for (let y = 0; y < Math.min(STRIP, image.height - top); y++) {
      const begin = 4 * (y * strip.canvas.width - left);
      for (const [x, taps] of columns.entries())
        for (let c = 0; c < 3; c++) thin[3 * ((top + y) * SIDE + x) + c] = mean(taps, data, begin + c, 4);
    }
  }
  image.close();
  return new Uint8ClampedArray(3 * SIDE * SIDE).map((_, i) =>
    mean(rows[Math.floor(i / 3 / SIDE)], thin, i % (3 * SIDE), 3 * SIDE),
  );
}

/** Which values one new value is a mean of, and their weights in whole numbers. @typedef {{begin: number, end: number, weights: number[]}} Taps */

/**
 * @param {number} from Where the square begins, which may be half a pixel further.
 * @param {number} length Its side.
 * @param {number} all How many values there are.
 * @returns {Taps[]}
 */
function bicubic(from, length, all) {
  const scale = length / SIDE;
  const wide = Math.max(scale, 1);
  return Array.from({ length: SIDE }, (_, i) => {
    const middle = from + (i + 0.5) * scale;
    const begin = Math.max(Math.trunc(middle - 2 * wide + 0.5), 0);
    const end = Math.min(Math.trunc(middle + 2 * wide + 0.5), all);
    const bell = Array.from({ length: end - begin }, (_, j) => cubic(Math.abs(begin + j - middle + 0.5) / wide));
    const sum = bell.reduce((a, b) => a + b);
    return { begin, end, weights: bell.map((weight) => Math.round((weight / sum) * 2 ** BITS)) };
  });
}

/** @type {(x: number) => number} */
const cubic = (x) => (x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0);

/** @type {(taps: Taps, values: ArrayLike<number>, at: number, step: number) => number} */
function mean({ begin, weights }, values, at, step) {
  let sum = 2 ** (BITS - 1);
  for (let i = 0, from = at + step * begin; i < weights.length; i++, from += step) sum += weights[i] * values[from];
  return sum >> BITS;
}

/** @type {(rgb: ArrayLike<number>, width?: number, height?: number) => ImageData} A picture for a canvas. */
export function imageOf(rgb, width = SIDE, height = SIDE) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = rgb[3 * i + channel];
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** @type {(array: Float32Array | Float64Array) => number} The length (L2), but never 0: one may divide by it. */
export function norm(array) {
  let sum = 0;
  for (const value of array) sum += value * value;
  return Math.max(Math.sqrt(sum), 2 ** -126);
}
