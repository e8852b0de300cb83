// Brings to life, on a page, the islands that the cells of its notebook have stored. Until one is there, its still is.
import { make } from '../../islands/parts/elements.js';
import { ask, cost } from '../lab/ask.js';

/** @param {HTMLElement} place Where the page shows the still, and the island's data. */
async function begin(place) {
  const { module, state, networks } = JSON.parse(place.querySelector('script')?.textContent ?? '');
  const el = make('div', { className: 'island' });
  try {
    const { mount } = await import(`../../islands/${module}.js`);
    await mount(el, state, ask);
    const note = networks.length ? [make('p', { className: 'moves' }, await cost(networks))] : [];
    place.replaceChildren(el, ...note);
  } catch (error) {
    place.append(make('p', { className: 'moves' }, /** @type {Error} */ (error).message));
  }
  place.removeAttribute('data-island');
}

for (const place of document.querySelectorAll('[data-island]')) begin(/** @type {HTMLElement} */ (place));
