// The lab's own page: the lab itself is an island. What is set is in the page's address, and travels in links.
import { mount } from '../../islands/lab.js';
import { make } from '../../islands/parts/elements.js';
import { ask } from './ask.js';
import { missing, networks, quick } from './begin.js';

const PICTURES = ['panda', 'cat', 'sorrel', 'castle', 'bee', 'cup']; // as lessons/lab/lab.py has them
const STICKERS = ['toaster', 'banana', 'vulture'];
const COPIED = 'Link copied. It includes your settings, but not your own picture or the position of the sticker.';

/** @type {(names: string[], folder: string) => [string, string][]} */
const addresses = (names, folder) => names.map((name) => [name, new URL(`${folder}/${name}.png`, location.href).href]);

/** @type {(settings: string) => string} */
const link = (settings) => `${location.origin}${location.pathname}?${settings}`;

/** Hand the picture and a link to the reader's own apps, where the browser can, or else copy the link. */
async function share(/** @type {any} */ { detail: { file, settings, say } }) {
  const what = { files: [file], title: document.title, url: link(settings) };
  if (navigator.canShare?.(what)) return navigator.share(what).catch(() => {}); // the reader has changed their mind
  const copied = navigator.clipboard.writeText(what.url).then(() => COPIED);
  say(await copied.catch(() => `This is the link: ${what.url}`));
}

if (missing) document.querySelector('#lab')?.prepend(make('p', {}, missing));
if (!networks.length) throw new Error('There is no network.');
const lab = make('div', { className: 'island' });
document.querySelector('#lab')?.prepend(lab);
lab.addEventListener('settings', (event) => {
  history.replaceState(null, '', link(/** @type {CustomEvent} */ (event).detail)); // Jupyter's token is nobody else's
});
lab.addEventListener('share', share);
const state = {
  pictures: addresses(PICTURES, 'pictures'),
  stickers: addresses(STICKERS, 'stickers'),
  networks,
  quick,
  settings: { method: 'momentum', ...Object.fromEntries(new URLSearchParams(location.search)) },
  eager: true,
  shares: isSecureContext, // elsewhere there is neither a way to apps nor a clipboard
};
await mount(lab, state, ask);
const { ondragover, ondragleave, ondrop, onpaste } = lab;
Object.assign(document, { ondragover, ondragleave, ondrop, onpaste }); // anywhere on the page
// Now rather than when they are needed: by then there may be no connection.
for (const [, address] of [...state.pictures, ...state.stickers]) fetch(address).catch(() => {}); // kept by sw.js
