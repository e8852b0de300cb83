// What the live figures share: elements, exact pictures, the lab's networks, and the words for an answer.
/** Exact pixels, RGB. @typedef {{rgb: Uint8ClampedArray, width: number, height: number}} Picture */
/** @import { Network, Row } from '../../lab/network.js' */

/** How the live GoogLeNet differs from the one that made the stored figures. */
export const HALF =
  "GoogLeNet's weights are in half precision here, so the last digits of its answers may differ from the lesson's.";

/** Where the lab's files are. */
export const LAB = new URL('../../lab/', import.meta.url);

/**
 * An element with properties and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {object} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/**
 * A choice among words; its value is the number of the one chosen.
 * @param {string} name
 * @param {string[]} words
 */
export function choice(name, words) {
  const select = make('select', {}, ...words.map((word, i) => new Option(word, String(i))));
  return { select, label: make('label', {}, `${name} `, select) };
}

/**
 * The pixels of a file, or of what is at an address.
 * @param {Blob | string} from
 * @returns {Promise<Picture>}
 */
export async function read(from) {
  const file = typeof from === 'string' ? await (await fetch(from)).blob() : from;
  const image = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  const context = make('canvas', { width: image.width, height: image.height }).getContext('2d');
  if (!context) throw new Error('This browser cannot draw here.');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  return { rgb: data.filter((_, i) => i % 4 < 3), width, height };
}

/**
 * Draw a picture, each pixel as a square of `enlarge` pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 */
export function draw(canvas, { rgb, width, height }, enlarge = 1) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    image.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  Object.assign(canvas, { width, height });
  canvas.style.width = `${width * enlarge}px`;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/**
 * A picture as a file.
 * @param {Picture} picture
 * @param {number} [quality] Of a JPEG, from 0 to 1.
 * @returns {Promise<Blob>}
 */
export function file(picture, type = 'image/png', quality = undefined) {
  const canvas = make('canvas', {});
  draw(canvas, picture);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser cannot save that.'))),
      type,
      quality,
    ),
  );
}

/** @param {string} name */
const table = async (name) => (await fetch(new URL(name, LAB))).json();

/** @type {Map<string, Promise<Network>>} */
const loaded = new Map();

/**
 * A network of the lab, loaded once a page.
 * @param {string} name
 * @param {(words: string) => void} say Hears how much has come.
 * @param {string} weights
 */
export function network(name, say, weights = 'half') {
  const key = `${name}, ${weights}`;
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  const load = async () => {
    const { Network } = await import('../../lab/network.js');
    const rows = /** @type {Row[]} */ (await table('networks.json'));
    const row = rows.find((one) => one.name === name && one.weights === weights);
    if (!row) throw new Error(`This site has no ${name}.`);
    return Network.load(row, {
      progress: (done, all) => say(`Loading ${name}: ${megabytes(done)} of ${megabytes(all)} MB.`),
    });
  };
  const coming = loaded.get(key) ?? load();
  loaded.set(key, coming);
  coming.catch(() => loaded.delete(key)); // so that it can be tried again
  return coming;
}

/** The names of the 1000 classes. @returns {Promise<string[]>} */
export async function labels() {
  return (await table('labels.json')).map((/** @type {{listed: string}} */ { listed }) => listed);
}

/**
 * What an error tells the reader.
 * @param {unknown} error
 */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));

/** @param {number} p */
export const percent = (p) => `${(100 * p).toFixed(1)}%`;

/**
 * The first answer in words: "vulture 100.0%".
 * @param {Float32Array} probabilities
 * @param {string[]} names
 */
export function first(probabilities, names) {
  const index = probabilities.indexOf(Math.max(...probabilities));
  return `${names[index]} ${percent(probabilities[index])}`;
}
