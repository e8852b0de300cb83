// Keeps a page for when there is no connection, and brings to life the islands that the cells of its notebook have stored. Until an island is there, the page shows its still.
import { make } from '../../islands/parts/elements.js';
import { ask, cost } from '../lab/ask.js';
import { install } from '../lab/install.js';
import './guess.js';

/** @param {HTMLElement} place Where the page shows the still, and the island's data. */
async function begin(place) {
  const [data, ...still] = place.children;
  const { module, state, networks, apart } = JSON.parse(data.textContent ?? '');
  const el = make('div', { className: 'island' });
  data.replaceWith(el);
  if (!apart) el.append(...still);
  try {
    const { mount } = await import(`../../islands/${module}.js`);
    await mount(el, state, ask);
    const price = networks.length && (await cost(networks).catch(() => ''));
    if (price) el.after(make('p', { className: 'note' }, price));
  } catch (error) {
    el.replaceChildren(...(apart ? [] : still));
    el.after(make('p', { className: 'note' }, /** @type {Error} */ (error).message));
  }
  place.removeAttribute('data-island');
}

const places = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-island]'));
await install([...places].some(({ dataset }) => dataset.networks !== '0' && !('late' in dataset)));
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      begin(/** @type {HTMLElement} */ (target));
    }
  },
  { rootMargin: '50%' },
);
for (const place of places) 'late' in place.dataset ? near.observe(place) : begin(place);
