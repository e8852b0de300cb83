// A result as one picture to show around: before, the change, after, what the network says, and where it was made.
import { imageOf, SIDE, sheet } from './picture.js';
import { enlarged } from './view.js';

/** @import { Class } from './view.js' */

/**
 * @typedef {object} Result
 * @property {Uint8ClampedArray} before
 * @property {Uint8ClampedArray} after
 * @property {Class} was What the network says about the picture before: the most probable class.
 * @property {Class[]} classes And after: the most probable ones.
 * @property {number} [target]
 * @property {string} by Which network says so.
 */

const [WIDE, GAP] = [2 * SIDE, 24]; // each value of a picture becomes a square of four pixels
const [WIDTH, ROW] = [3 * WIDE + 4 * GAP, 40];
const [INK, SOFT, FIELD, TARGET, OTHER] = ['#1c1e21', '#5b6068', '#eceef1', '#b84a00', '#0072b2'];
const TOP = 132; // where the pictures begin

/** @param {Result} result */
export async function poster({ before, after, was, classes, target, by }) {
  const bottom = TOP + WIDE + ROW + GAP;
  const context = sheet(WIDTH, bottom + (classes.length + 1) * ROW);
  const { canvas } = context;
  /** @type {(text: string, x: number, y: number, size?: number, ink?: string, most?: number) => void} */
  const write = (text, x, y, size = 24, ink = INK, most = WIDTH - x - GAP) => {
    context.font = `${size}px system-ui, sans-serif`;
    context.fillStyle = ink;
    context.fillText(text, x, y, most);
  };
  context.imageSmoothingEnabled = false;
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  write(`${was.words} → ${classes[0].words}`, GAP, 64, 40);
  const { far, change } = enlarged(before, after);
  const words = ['before', `the change, enlarged: at most ${far} out of 255`, 'after'];
  for (const [i, picture] of [before, change, after].entries()) {
    const x = GAP + i * (WIDE + GAP);
    context.drawImage(await createImageBitmap(imageOf(picture)), x, TOP, WIDE, WIDE);
    write(words[i], x, TOP - 14, 20, SOFT, WIDE);
  }
  for (const [i, { index, name, p, words }] of classes.entries()) {
    const y = bottom + i * ROW;
    const bar = (/** @type {number} */ length, /** @type {string} */ ink) => {
      context.fillStyle = ink;
      context.fillRect(GAP + WIDE + GAP, y - 16, length, 16);
    };
    write(name, GAP, y, 24, index === target ? TARGET : INK);
    bar(WIDE, FIELD);
    bar(p * WIDE, index === target ? TARGET : OTHER);
    write(words.slice(name.length), 2 * (GAP + WIDE) + GAP, y);
  }
  const { host, pathname } = location;
  write(`Panda to Vulture · ${host}${pathname} · ${by}`, GAP, canvas.height - GAP, 22, SOFT);
  return canvas.convertToBlob({ type: 'image/png' });
}

/**
 * Hand a picture to the reader's own apps, where the browser can, or else download it.
 * @type {(blob: Blob, name: string) => Promise<void>}
 */
export async function share(blob, name) {
  const files = [new File([blob], name, { type: blob.type })];
  if (navigator.canShare?.({ files })) return navigator.share({ files });
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
