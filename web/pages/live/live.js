// Figures that the reader's own browser computes. Nothing is loaded before it is asked for; until then there is the still.

/**
 * What a figure gets: its place on the page, the stored pictures and words that it begins with, and how it says
 * where it is.
 * @typedef {object} Figure
 * @property {HTMLElement} board Empty, and shown once the figure is there.
 * @property {import('../../lab/picture.js').Picture[]} pictures
 * @property {string[]} words
 * @property {(words: string) => void} say
 */

/**
 * An element with properties and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {object} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/**
 * What an error tells the reader.
 * @param {unknown} error
 */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));

/** @param {HTMLElement} still What the page shows, with what takes its place in its data. */
function offer(still) {
  const { live, megabytes, pictures = '', words = '' } = still.dataset;
  const cost = megabytes
    ? `Your browser fetches ${megabytes} MB, once, and does the computing. It sends nothing.`
    : 'Your browser does it all, and sends nothing.';
  const status = make('span', { role: 'status' }, cost);
  const button = make('button', { type: 'button' }, 'Try it here');
  const bar = make('div', { className: 'scrub' }, button, status);
  still.before(bar);
  button.onclick = async () => {
    button.disabled = true;
    const board = make('div', { className: 'board', role: 'group', ariaLabel: 'Live figure' });
    const say = (/** @type {string} */ text) => {
      status.textContent = text;
    };
    try {
      say('Loading …');
      const [{ begin }, { pixels }] = await Promise.all([import(`./${live}.js`), import('../../lab/picture.js')]);
      const stored = await Promise.all(pictures.split(' ').filter(Boolean).map(pixels));
      const start = await begin({ board, pictures: stored, words: words.split('|'), say });
      still.replaceWith(board);
      start?.();
      button.remove();
      /** @type {HTMLElement | null} */ (board.querySelector('input, select, button'))?.focus();
    } catch (error) {
      say(sentence(error));
      button.disabled = false;
    }
  };
}

for (const still of document.querySelectorAll('[data-live]')) offer(/** @type {HTMLElement} */ (still));
