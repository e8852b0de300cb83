// A picture file as the networks take it, as tricknet/images.py reads it: the centre square, RGB, 224 x 224; and back.

export const SIDE = 224;
const MAX_FILE = 30_000_000; // bytes, as in the lab of the lessons
const MAX_PIXELS = 100_000_000; // unpacked, each takes 4 bytes

/** Exact pixels, RGB. @typedef {{rgb: Uint8ClampedArray, width: number, height: number}} Picture */

/** The file cannot be used as a picture; the message says why and what to do. */
export class NotAPictureError extends Error {}

/**
 * A picture file, transparency on white. Of an animation, the first frame.
 * @param {Blob} file
 */
export async function read(file) {
  const name = (file instanceof File && file.name.slice(-60)) || 'The picture';
  if (file.size > MAX_FILE) {
    const megabytes = Math.round(file.size / 1e6);
    throw new NotAPictureError(`${name} is ${megabytes} MB, and the lab takes at most 30 MB. Make it smaller.`);
  }
  const { width, height } = await sides(file);
  if (width * height > MAX_PIXELS) {
    throw new NotAPictureError(`${name} has ${width} x ${height} pixels, too many. Make it smaller and try again.`);
  }
  const image = await createImageBitmap(file, { colorSpaceConversion: 'none' }).catch(() => null);
  if (image) return squared(image);
  if (await isHeic(file)) {
    throw new NotAPictureError(
      `${name} is in HEIC, which cannot be read here. Save or export it as JPEG, then try again.`,
    );
  }
  throw new NotAPictureError(`${name} is damaged, or not a picture that can be read here. Save it as JPEG or PNG.`);
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
export const sheet = (width, height) =>
  /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d'));

/**
 * The pixels of a file, or of what is at an address, whatever its size.
 * @param {Blob | string} from
 * @returns {Promise<Picture>}
 */
export async function pixels(from) {
  const file = typeof from === 'string' ? await (await fetch(from)).blob() : from;
  const image = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  const { width, height } = image;
  const context = sheet(width, height);
  context.drawImage(image, 0, 0);
  return { rgb: taken(context), width, height };
}

const taken = (/** @type {OffscreenCanvasRenderingContext2D} */ context) =>
  context.getImageData(0, 0, context.canvas.width, context.canvas.height).data.filter((_, i) => i % 4 < 3);

/** @param {ImageBitmap} image */
export function squared(image) {
  const context = sheet(SIDE, SIDE);
  const square = Math.min(image.width, image.height);
  const [left, top] = [(image.width - square) / 2, (image.height - square) / 2];
  context.fillStyle = 'white';
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingEnabled = square !== SIDE; // a picture that was saved here comes back exactly
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, left, top, square, square, 0, 0, SIDE, SIDE);
  image.close();
  return taken(context);
}

/**
 * A picture for a canvas.
 * @param {ArrayLike<number>} rgb
 */
export function imageOf(rgb, width = SIDE, height = SIDE) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = rgb[3 * i + channel];
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** @param {Blob} file */
async function isHeic(file) {
  return /^....ftyp(hei[cxms]|hevc|mif1|msf1)/s.test(await file.slice(0, 12).text());
}
