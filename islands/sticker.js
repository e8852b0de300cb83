// A sticker that the reader drags over a picture, or over one of their own; the network answers as it moves.
import { Board } from './parts/board.js';
import { choice, draw, make } from './parts/elements.js';
import { figure, first } from './parts/figure.js';
import { pixels, read, SIDE } from './parts/picture.js';
import { place } from './parts/sticker.js';

/** @import { Ask } from './parts/figure.js' */

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {string} state.network Whose answers they are.
 * @param {[string, string][]} state.pictures Names and addresses; the first is shown first.
 * @param {[string, string][]} state.stickers
 * @param {number[]} state.at Where the sticker's centre is at first (row, column), in pixels.
 * @param {number} state.size The sticker's diameter at first, in pixels.
 * @param {string} state.says What the network says of that.
 * @param {Ask} ask
 */
export async function mount(el, state, ask) {
  const [names, kinds] = [state.pictures, state.stickers].map((all) => all.map(([name]) => name));
  const pictures = await Promise.all(state.pictures.map(([, address]) => pixels(address)));
  const stickers = await Promise.all(state.stickers.map(([, address]) => pixels(address)));
  const { board, say, wait } = figure(el);
  const which = choice('Picture', [...names, 'your own']);
  const sticker = choice('Sticker', kinds);
  const size = make('input', { type: 'range', min: '30', max: '150', value: String(state.size), ariaLabel: 'Size' });
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
  /** @type {(href: string, words: string) => void} */
  const tell = (href, words) => {
    caption.textContent = `with the sticker\n${words}`;
    canvas.ariaLabel = `The picture with the sticker: ${words}. The arrow keys move the sticker.`;
    save.href = href;
  };
  /** Shows at once, and asks about the last of many moves. */
  const again = async (held = false) => {
    show();
    if (busy) return;
    busy = true;
    try {
      for (let asked; asked !== latest; ) {
        asked = latest;
        const href = canvas.toDataURL();
        const network = await ask(state.network, wait);
        tell(href, first(await network.predict(asked), network.labels));
      }
      if (!held) say(caption.textContent ?? '');
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
    busy = false;
  };
  const thing = new Board(canvas, () => size.valueAsNumber, again);
  thing.at = state.at;
  own.onchange = async () => {
    try {
      const chosen = own.files?.[0];
      if (!chosen) return;
      mine = await read(chosen);
      own.value = ''; // so that the same file can be chosen again
      again();
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
  };
  which.select.onchange = () => {
    own.hidden = which.select.value !== String(pictures.length);
    again();
  };
  sticker.select.onchange = size.oninput = () => again();
  show();
  tell(canvas.toDataURL(), state.says);
  say('Drag the sticker, or press the arrow keys.');
}
