// Figures that the reader's own browser computes. They begin with what the lesson stores. A network is fetched and
// asked only for what goes further. Until a figure comes near, the page shows its still.

import { make } from '../../lab/view.js';

/** @import { Picture } from '../../lab/picture.js' */
/** A picture that a lesson stores, and its answer, "vulture 97.4%", or "". @typedef {Picture & {answer: string}} Stored */

/**
 * What a figure gets: its place on the page, the stored pictures and words that it begins with, and how it says
 * where it is.
 * @typedef {object} Figure
 * @property {HTMLElement} board Empty, and shown once the figure is there.
 * @property {Stored[]} pictures
 * @property {Map<number, Stored[]>} stored What the lesson shows at places of the slider.
 * @property {string[]} words
 * @property {string} alt Of the still.
 * @property {string} cost What it takes to go further, in a sentence.
 * @property {(words: string) => void} say
 */

/** @param {HTMLElement} still What the page shows, with what takes its place in its data. */
async function begin(still) {
  const { live, megabytes, pictures = '[]', stored = '[]', words = '' } = still.dataset;
  const board = make('div', { className: 'board', role: 'group', ariaLabel: 'Live figure' });
  const status = make('p', { className: 'moves' });
  const say = (/** @type {string} */ text) => {
    status.textContent = text;
  };
  still.after(status);
  try {
    const [{ begin }, { pixels }] = await Promise.all([import(`./${live}.js`), import('../../lab/picture.js')]);
    /** @type {(all: [string, string][]) => Promise<Stored[]>} */
    const read = (all) => Promise.all(all.map(async ([address, answer]) => ({ ...(await pixels(address)), answer })));
    const places = JSON.parse(stored).map(async (/** @type {[number, [string, string][]]} */ [place, all]) => [
      place,
      await read(all),
    ]);
    await begin({
      board,
      pictures: await read(JSON.parse(pictures)),
      stored: new Map(await Promise.all(places)),
      words: words.split('|'),
      alt: still.querySelector('img')?.alt ?? '',
      cost: `Go further, and your browser fetches the network (${megabytes} MB, once) and computes. It sends nothing.`,
      say,
    });
    still.replaceWith(board);
    status.role = 'status'; // from now on it is read out
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      begin(/** @type {HTMLElement} */ (target));
    }
  },
  { rootMargin: '100%' },
);
for (const still of document.querySelectorAll('[data-live]')) near.observe(still);
