// Grids of drawings: point at a tile to see its channel, and the photographs that excite it most.
import { make } from './parts/elements.js';
import { figure } from './parts/figure.js';

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {{name: string, picture: string, count: string, grid: string, channels: string[]}[]} state.pictures Each with
 *   the address of its grid, which shows these channels: the numbers of each row, with spaces between.
 * @param {string[]} state.cards A channel's number, and its photographs' names.
 * @param {string} state.birds The channels that are framed.
 * @param {string} state.drawings The address of all cards' drawings, below one another.
 * @param {string[]} state.names
 * @param {string} state.photographs The address of those with these names, below one another.
 */
export function mount(el, { pictures, cards, birds, drawings, names, photographs }) {
  const { board, say } = figure(el);
  const framed = birds.split(' ');
  const excited = new Map(cards.map((line) => line.split(' ')).map(([channel, ...five]) => [channel, five]));
  const plain = (/** @type {string} */ name) => name.replaceAll('_', ' ');
  const card = make('div', { className: 'details', ariaHidden: 'true' }); // a tile's name says the same
  const show = (/** @type {string | undefined} */ channel) => {
    if (!channel) return card.replaceChildren();
    const five = (excited.get(channel) ?? []).map((one) => cut(photographs, names, one, plain(one)));
    card.replaceChildren(cut(drawings, [...excited.keys()], channel, `channel ${channel}`), ...five);
  };
  /** @type {HTMLButtonElement | undefined} */
  let chosen; // its value is the channel's number
  const choose = (/** @type {HTMLButtonElement} */ tile) => {
    chosen?.setAttribute('aria-checked', 'false');
    tile.setAttribute('aria-checked', 'true');
    for (const one of tile.parentElement?.children ?? []) /** @type {HTMLElement} */ (one).tabIndex = -1;
    tile.tabIndex = 0; // where Tab comes back to
    chosen = tile;
    show(tile.value);
  };
  const grids = pictures.map(({ name, picture, count, grid, channels }) => {
    const rows = channels.map((line) => line.split(' '));
    const tiles = rows.flat().map((channel, i) => {
      const words = excited.get(channel)?.map(plain).join(', ');
      const ariaLabel = `channel ${channel}${framed.includes(channel) ? ', a bird channel' : ''}: ${words}`;
      const tile = make('button', { role: 'radio', value: channel, ariaLabel, ariaChecked: 'false' });
      tile.tabIndex = i && -1;
      tile.onfocus = tile.onclick = () => choose(tile);
      tile.onpointerenter = () => show(channel);
      tile.onpointerleave = () => show(chosen?.value);
      return tile;
    });
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -rows[0].length, ArrowDown: rows[0].length };
    const group = make('div', { className: 'group', role: 'radiogroup', ariaLabel: `Tiles: ${name}` }, ...tiles);
    group.onkeydown = (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault(); // the page stays where it is
      tiles[tiles.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + step]?.focus();
    };
    group.style.setProperty('--columns', String(rows[0].length));
    const [image, sheet] = [picture, grid].map((src) => make('img', { src, alt: '' }));
    Object.assign(sheet, { width: 420, height: 420 });
    const drawn = make('div', { className: 'grid' }, sheet, group);
    return make('figure', {}, make('figcaption', {}, name), image, make('span', {}, count), drawn);
  });
  board.append(make('div', { className: 'grids' }, ...grids), card);
  say('Point at a tile, or go from tile to tile with the arrow keys.');
}

/** @type {(sheet: string, all: string[], one: string, words: string) => HTMLElement} One of a sheet's pictures. */
function cut(sheet, all, one, words) {
  const [place, share] = [make('i', {}), all.indexOf(one) / Math.max(all.length - 1, 1)];
  place.style.background = `url(${JSON.stringify(sheet)}) 0 ${100 * share}% / 100% auto`;
  return make('span', {}, place, words);
}
