// Lesson 9: a sticker that the reader drags over a picture, or over one of their own; the network answers as it moves.
import { Board } from '../../../islands/parts/board.js';
import { choice, draw, make } from '../../../islands/parts/elements.js';
import { pixels, read, SIDE } from '../../../islands/parts/picture.js';
import { place } from '../../../islands/parts/sticker.js';
import { cost, first, googlenet, LAB } from './tools.js';

/** @import { Figure } from './live.js' */

const STICKERS = ['toaster', 'banana', 'vulture'];
const SIZE = { type: 'range', min: '30', max: '150', value: '104', ariaLabel: 'Size' }; // pixels of the picture

/** @param {Figure} figure */
export async function begin({ board, pictures, names, settings: { says }, say }) {
  const note = 'Your own picture stays in your browser.';
  const stickers = await Promise.all(STICKERS.map((name) => pixels(new URL(`stickers/${name}.png`, LAB).href)));
  const which = choice('Picture', [...names, 'your own']);
  const sticker = choice('Sticker', STICKERS);
  const size = make('input', SIZE);
  const own = make('input', { type: 'file', accept: 'image/*', ariaLabel: 'A picture of your own', hidden: true });
  const canvas = make('canvas', { tabIndex: 0, role: 'application', className: 'moved' });
  const caption = make('figcaption', {});
  const save = make('a', { textContent: 'Save this picture', download: 'with-sticker.png' });
  board.append(
    make('div', { className: 'scrub' }, which.label, own, sticker.label, make('label', {}, 'Size ', size)),
    make('figure', {}, caption, canvas),
    make('p', { className: 'moves' }, save),
  );
  /** @type {Uint8ClampedArray | undefined} */
  let mine;
  /** @type {Uint8ClampedArray} */
  let latest;
  let busy = false;

  const show = () => {
    const photograph = pictures[Number(which.select.value)]?.rgb ?? mine ?? pictures[0].rgb;
    latest = place(photograph, stickers[Number(sticker.select.value)], thing.at, size.valueAsNumber);
    draw(canvas, { rgb: latest, width: SIDE, height: SIDE }, 2);
  };
  /** @type {(href: string, told: string) => void} */
  const tell = (href, told) => {
    caption.textContent = `with the sticker\n${told}`;
    canvas.ariaLabel = `The picture with the sticker: ${told}. The arrow keys move the sticker.`;
    save.href = href;
  };
  /** Shows at once, and asks about the last of many moves. */
  const ask = async () => {
    show();
    if (busy) return;
    busy = true;
    try {
      for (let asked; asked !== latest; ) {
        asked = latest;
        const href = canvas.toDataURL();
        const { model, names: listed } = await googlenet(say, note);
        tell(href, first(await model.predict(asked), listed));
      }
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
    busy = false;
  };
  const thing = new Board(canvas, () => size.valueAsNumber, ask);
  thing.at = [150, 150];
  own.onchange = async () => {
    try {
      const chosen = own.files?.[0];
      if (!chosen) return;
      mine = await read(chosen);
      own.value = ''; // so that the same file can be chosen again
      ask();
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
  };
  which.select.onchange = () => {
    own.hidden = which.select.value !== String(names.length);
    ask();
  };
  sticker.select.onchange = size.oninput = ask;
  show();
  tell(canvas.toDataURL(), says); // which the lesson's network says of this very picture
  say(`Drag the sticker, or press the arrow keys, ${await cost('GoogLeNet')}`);
}
