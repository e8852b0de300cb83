// A card to keep or to share: a picture before and after, and what a network calls both.
import { draw, make } from './elements.js';

/** @import { Seen } from './seen.js' */

const [WIDE, HIGH, SIDE, EDGE] = [1080, 760, 510, 20];

/** @type {(before: Seen, after: Seen, words: string) => Promise<File>} words: what lies between them. */
export async function card(before, after, words) {
  const canvas = make('canvas', { width: WIDE, height: HIGH });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, WIDE, HIGH);
  Object.assign(pen, { fillStyle: '#1c1e21', textAlign: 'center', imageSmoothingEnabled: false });
  /** @type {(words: string, size: number, x: number, y: number, width?: number) => void} */
  const write = (words, size, x, y, width = WIDE - 2 * EDGE) => {
    pen.font = `600 ${size}px system-ui, sans-serif`;
    pen.fillText(words, x, y, width);
  };
  for (const [i, frame] of [before, after].entries()) {
    const [picture, left] = [make('canvas', {}), i ? WIDE - SIDE - EDGE : EDGE];
    draw(picture, frame);
    pen.drawImage(picture, left, 100, SIDE, SIDE);
    write(frame.says, 52, left + SIDE / 2, 70, SIDE);
  }
  write(words, 30, WIDE / 2, 675);
  const local = /^(localhost|127\.|192\.168\.|10\.|\[)/.test(location.hostname);
  write(`Panda to Vulture${local ? '' : ` · ${location.host}${location.pathname}`}`, 28, WIDE / 2, 730);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new File([blob], 'panda-to-vulture.png', { type: 'image/png' });
}

/** @type {(file: File) => Promise<void>} To the reader's own apps, where the browser can, or else among the downloads. */
export async function hand(file) {
  if (navigator.canShare?.({ files: [file] })) return navigator.share({ files: [file] }).catch(() => {}); // they may change their mind
  const href = URL.createObjectURL(file);
  make('a', { href, download: file.name }).click();
  setTimeout(URL.revokeObjectURL, 60_000, href);
}
