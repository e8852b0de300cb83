// A sticker that the reader drags over a picture, or over one of their own; the network answers as it moves.
import { Board } from './parts/board.js';
import { choice, controls, draw, make, slider } from './parts/elements.js';
import { figure, latest } from './parts/figure.js';
import { photographs } from './parts/photographs.js';
import { pixels, square } from './parts/picture.js';
import { place } from './parts/sticker.js';
import { top } from './parts/words.js';

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
  const kinds = state.stickers.map(([name]) => name);
  const stickers = await Promise.all(state.stickers.map(([, address]) => pixels(address)));
  const which = await photographs(state.pictures, again, (error) => fail(error));
  const { board, say, fail, wait } = figure(el);
  const sticker = choice('Sticker', kinds);
  const size = slider('Size', { min: '30', max: '150', value: String(state.size) }, () => again());
  const canvas = make('canvas', { tabIndex: 0, role: 'application', className: 'moved' });
  const caption = make('figcaption', {});
  const save = make('a', { textContent: 'Save this picture', download: 'with-sticker.png' });
  board.append(controls(...which.bar, sticker.label, size.bar[0]));
  board.append(make('figure', {}, caption, canvas), make('p', { className: 'note' }, save));
  /** @type {Uint8ClampedArray} */
  let shown;

  const show = () => {
    shown = place(which.rgb(), stickers[Number(sticker.select.value)], thing.at, size.input.valueAsNumber);
    draw(canvas, square(shown), 2);
  };
  /** @type {(href: string, words: string) => void} */
  const tell = (href, words) => {
    caption.textContent = `with the sticker\n${words}`;
    canvas.ariaLabel = `The picture with the sticker: ${words}. The arrow keys move the sticker.`;
    save.href = href;
  };
  const answer = latest(async () => {
    const [asked, href] = [shown, canvas.toDataURL()];
    const network = await ask(state.network, wait);
    tell(href, top(network.labels, await network.predict(asked))[0].words);
  });
  /** Shows at once, and asks about the last of many moves. */
  async function again(held = false) {
    show();
    await answer().then(() => held || say(caption.textContent ?? ''), fail);
  }
  const thing = new Board(canvas, () => size.input.valueAsNumber, again);
  thing.at = state.at;
  sticker.select.onchange = () => again();
  show();
  tell(canvas.toDataURL(), state.says);
  say('Drag the sticker, or press the arrow keys.');
}
