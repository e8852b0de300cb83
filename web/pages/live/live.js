// Figures that the reader's own browser computes. Until one is there, the page shows its still.

import { make } from '../../../islands/parts/elements.js';
import { pixels } from '../../../islands/parts/picture.js';

/** @import { Picture } from '../../../islands/parts/picture.js' */

/** @type {(name: string) => string} The address of what starts.py has stored. */
const stored = (name) => new URL(`../../lab/live/${name}.png`, import.meta.url).href;

/**
 * What a figure gets: its place on the page, the pictures that it begins with, and how it says where it is.
 * @typedef {object} Figure
 * @property {HTMLElement} board Empty, and shown once the figure is there.
 * @property {string[]} names The pictures'.
 * @property {Picture[]} pictures
 * @property {any} settings As live_figures.py has them.
 * @property {(words: string) => void} say
 */

/** @param {HTMLElement} place Where the page shows the still. */
async function begin(place) {
  const { pictures: names = [], ...settings } = JSON.parse(place.dataset.settings ?? '');
  const board = make('div', { className: 'board', role: 'group', ariaLabel: 'Live figure' });
  const status = make('p', { className: 'moves' });
  const say = (/** @type {string} */ text) => {
    status.textContent = text;
  };
  try {
    const { begin } = await import(`./${place.dataset.live}.js`);
    const pictures = await Promise.all(names.map((/** @type {string} */ name) => pixels(stored(name))));
    await begin({ board, names, pictures, settings, say });
    place.replaceChildren(board);
    status.role = 'status'; // from now on it is read out
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
  place.append(status);
  place.removeAttribute('data-live');
}

for (const place of document.querySelectorAll('[data-live]')) begin(/** @type {HTMLElement} */ (place));
