// Lesson 9: a sticker that the reader drags over a picture, or over one of their own; the network answers as it moves.
import { Board } from '../../lab/board.js';
import { pixels, read, SIDE } from '../../lab/picture.js';
import { place } from '../../lab/sticker.js';
import { make, sentence } from './live.js';
import { choice, draw, file, first, googlenet, LAB } from './tools.js';

/** @import { Figure } from './live.js' */
/** @import { Picture } from '../../lab/picture.js' */

const STICKERS = ['toaster', 'banana', 'vulture'];
const SIZE = { type: 'range', min: '30', max: '150', value: '104', ariaLabel: 'Size' }; // pixels of the picture

/** @param {Figure} figure Its pictures have a name each. */
export async function begin({ board, pictures, words, alt, cost, say }) {
  const note = 'Drag the sticker, or press the arrow keys. Your own picture stays in your browser.';
  const stickers = await Promise.all(STICKERS.map((name) => pixels(new URL(`stickers/${name}.png`, LAB).href)));
  const which = choice('Picture', [...words, 'your own']);
  const sticker = choice('Sticker', STICKERS);
  const size = make('input', SIZE);
  const own = make('input', { type: 'file', accept: 'image/*', ariaLabel: 'A picture of your own', hidden: true });
  const canvas = make('canvas', { tabIndex: 0, role: 'application', className: 'moved' });
  const caption = make('figcaption', {});
  const save = make('a', { textContent: 'Save this picture', download: 'with-sticker.png', hidden: true });
  board.append(
    make('div', { className: 'scrub' }, which.label, own, sticker.label, make('label', {}, 'Size ', size)),
    make('figure', {}, caption, canvas),
    make('p', { className: 'moves' }, save),
  );
  /** @type {Uint8ClampedArray | undefined} */
  let mine;
  let [asked, busy] = [0, false];

  const picture = () => {
    const photograph = pictures[Number(which.select.value)]?.rgb ?? mine ?? pictures[0].rgb;
    const rgb = place(photograph, stickers[Number(sticker.select.value)], thing.at, size.valueAsNumber);
    return { rgb, width: SIDE, height: SIDE };
  };
  /** Draws at once, and asks about the last of many moves. */
  const show = async () => {
    asked += 1;
    draw(canvas, picture(), 2);
    if (busy) return;
    busy = true;
    try {
      for (let last = 0; last !== asked; ) {
        last = asked;
        await answer(picture());
      }
    } catch (error) {
      say(sentence(error));
    } finally {
      busy = false;
    }
  };
  /** @param {Picture} picture */
  const answer = async (picture) => {
    const { model, names } = await googlenet(say, note);
    await tell(picture, first(await model.predict(picture.rgb), names));
  };
  /** @type {(picture: Picture, told: string) => Promise<void>} */
  const tell = async (picture, told) => {
    caption.textContent = `with the sticker\n${told}`;
    canvas.ariaLabel = `The picture with the sticker: ${told}. The arrow keys move the sticker.`;
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(await file(picture));
    save.hidden = false;
  };
  const thing = new Board(canvas, () => size.valueAsNumber, show);
  thing.at = [150, 150];
  own.onchange = async () => {
    try {
      const chosen = own.files?.[0];
      if (!chosen) return;
      mine = await read(chosen);
      own.value = ''; // so that the same file can be chosen again
      show();
    } catch (error) {
      say(sentence(error));
    }
  };
  which.select.onchange = () => {
    own.hidden = which.select.value !== String(words.length);
    show();
  };
  sticker.select.onchange = size.oninput = show;
  draw(canvas, picture(), 2);
  await tell(picture(), alt.split(',')[0]); // which the lesson's network says of this very picture
  say(`${note} ${cost}`);
}
