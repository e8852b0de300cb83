// The lab: a picture, a class, Start. What computes is in network.js and attack.js, and what is seen in view.js.
import { best, trick } from './attack.js';
import { Board } from './board.js';
import { available, photograph } from './camera.js';
import { dreaming, noise, pale, waves } from './dream.js';
import { install } from './install.js';
import { Network } from './network.js';
import { pixels, read, SIDE, squared } from './picture.js';
import { search } from './search.js';
import { hand, poster } from './share.js';
import { place } from './sticker.js';
import { bars, caption, curve, draw, enlarged, megabytes, percent, progress, say, the, top } from './view.js';

/** @import { Frame } from './attack.js' */
/** @import { Objective, Row } from './network.js' */
/** @import { Picture } from './picture.js' */
/** @import { Label } from './search.js' */
/** @import { Result } from './share.js' */
/** @import { Class } from './view.js' */

const LISTED = 6; // of the classes that fit what is typed
/** @type {Record<string, number>} */
const STEPS = { trick: 30, dream: 100 }; // at first
const MOVABLE = {
  tabindex: '0',
  role: 'application',
  'aria-label': 'Sticker: drag it, or move it with the arrow keys',
};
const STILL = matchMedia('(prefers-reduced-motion: reduce)');

/** @type {Label[]} */
let labels;
/** @type {Row[]} */
let rows;
/** @type {Network | undefined} */
let network;
/** @type {Uint8ClampedArray} */
let picture;
let name = 'panda'; // of the picture
let running = false;
/** @type {Class} */
let first; // what the network says about the picture
/** @type {Result} */
let result;
/** @type {Record<string, Picture>} */
const stickers = {};
const board = new Board(
  the('board'),
  () => the('size').valueAsNumber,
  (held) => guarded(() => stick(held)),
);
/** @type {Uint8ClampedArray | undefined} */
let latest; // of the pictures with a sticker
/** @type {Promise<Float32Array> | undefined} */
let asking;

/** @type {(row: Row) => string} */
const named = (row) => `${row.name}, ${row.weights}`;
const plain = (/** @type {string} */ text) => text.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');

/**
 * Do it, and turn an error into a sentence on the page, so that the lab stays usable.
 * @param {() => unknown} action
 */
async function guarded(action) {
  try {
    await action();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return; // it was the reader's wish
    say(error instanceof Error ? error.message : String(error), true);
  }
}

/** Show a picture, and what the network says about it. */
async function look() {
  const asked = picture;
  for (const id of ['before', 'after']) draw(id, asked);
  for (const id of ['said-before', 'said-after']) the(id).textContent = '';
  for (const id of ['keep', 'more']) the(id).hidden = true;
  if (!network) return;
  if (mode() === 'dream') {
    if (!channelled()) the('after').getContext('2d').clearRect(0, 0, SIDE, SIDE);
    return say(`Ready to dream, starting from ${channelled() ? 'your picture, made pale' : 'noise'}.`);
  }
  const probabilities = await network.predict(asked);
  if (asked !== picture || running) return; // there is another by now
  first = top(labels, probabilities)[0];
  caption('said-before', first);
  if (mode() === 'trick') return say(`Ready: this is ${first.words}.`);
  await stick();
}

/**
 * @param {Blob | null | undefined} file
 */
async function take(file) {
  if (!file || running) return;
  picture = await read(file);
  name = plain((file instanceof File && file.name.replace(/\.\w+$/, '')) || '') || 'picture';
  await look();
}

async function snap() {
  the('camera').disabled = true; // one at a time
  const seen = await photograph().finally(() => {
    the('camera').disabled = false;
  });
  if (!seen || running) return;
  picture = squared(seen);
  name = 'photograph';
  await look();
}

// Steps

/**
 * What a run climbs. target: its class, if it is one.
 * @typedef {{words: string, target?: number, objective: Objective}} Goal
 */

/** @returns {Goal} */
function goal() {
  if (channelled()) {
    const channels = new Float32Array(network?.row.inner?.channels ?? 0);
    const channel = the('channel').valueAsNumber;
    if (!channels.length) throw new Error('Channel dreams work only with GoogLeNet. Choose it in the settings.');
    channels[channel] = 1;
    return { words: `channel ${channel}`, objective: { channels } };
  }
  if (the('target').value === '') throw new Error(`No class has a name like "${the('search').value}".`);
  const target = Number(the('target').value);
  const slope = new Float32Array(labels.length);
  slope[target] = 1;
  return { words: labels[target].listed, target, objective: { slope } };
}

/**
 * A frame, and the curves up to it. Readers who want nothing to flicker get the pictures with the last one.
 * @param {Frame[]} frames
 * @param {Frame} frame
 * @param {Goal} goal
 * @param {number} steps
 */
function show(frames, frame, { words, target }, steps) {
  const classes = top(labels, frame.probabilities);
  const [was] = top(labels, frames[0].probabilities, 1);
  const { far, change } = enlarged(frames[0].picture, frame.picture);
  if (frames.length === 1 || !running || !STILL.matches) {
    draw('after', frame.picture);
    draw('change', change);
  }
  caption('said-before', was, target);
  the('said-change').textContent = `The change, enlarged: no value moved by more than ${far} out of 255.`;
  curve('old', frames, was.index, steps);
  curve('new', frames, target, steps);
  const solid = target === undefined ? '' : `Solid: ${words}. `;
  the('legend').textContent = `${solid}Dashed: ${was.name}. 0 to 100%, ${steps} steps.`;
  tell(frames[0].picture, was, frame.picture, classes, target);
}

/**
 * What the network says about the picture now, and what there is to share.
 * @param {Uint8ClampedArray} before
 * @param {Class} was
 * @param {Uint8ClampedArray} after
 * @param {Class[]} classes
 * @param {number} [target]
 */
function tell(before, was, after, classes, target) {
  const by = network ? named(network.row) : '';
  caption('said-after', classes[0], target);
  bars(classes, by, target);
  the('more').hidden = false;
  result = { before, after, was, classes, target, by };
}

/** From Start to the last step, or to Stop. */
async function run() {
  if (!network || running) return;
  const [wish, dreams, start] = [goal(), mode() === 'dream', picture];
  const [epsilon, steps] = [the('epsilon').valueAsNumber, the('steps').valueAsNumber];
  const target = wish.target ?? -1; // none, if it is a channel
  const walk = dreams
    ? dreaming(network, wish.objective, channelled() ? waves(pale(start)) : noise(), steps)
    : trick(network, start, target, { epsilon, steps });
  /** @type {Frame[]} */
  const frames = [];
  busy(true);
  say(`${dreams ? 'Dreaming of' : 'Towards'} ${wish.words} …`);
  try {
    for await (const frame of walk) {
      frames.push(frame);
      show(frames, frame, wish, steps);
      const p = target < 0 ? '' : ` ${percent(frame.probabilities[target])}`;
      progress(`Step ${frame.step} of ${steps}: ${wish.words}${p}.`, frame.step / steps);
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // Stop keeps what was reached
  } finally {
    busy(false);
  }
  if (!frames.length) return say('Stopped before the first step.');
  const last = dreams ? frames[frames.length - 1] : best(frames, target);
  show(frames, last, wish, steps);
  const [was, is] = [frames[0], last].map((frame) => top(labels, frame.probabilities, 1)[0]);
  if (dreams) {
    await offer(`dream-of-${plain(wish.words)}.png`);
    return say(`A dream of ${wish.words} in ${last.step} steps. The network says ${is.words}.`);
  }
  const further = is.index === wish.target ? '' : ' To get further, try more steps or a larger epsilon.';
  await offer(`${name}-to-${plain(wish.words)}-eps${epsilon}.png`);
  say(`${was.words} → ${is.words} in ${last.step} steps.${further}`);
}

// The sticker

const stickerOf = (/** @type {string} */ kind) => pixels(`stickers/${kind}.png`);

/** @param {boolean} [held] Is it still being moved? */
async function stick(held = false) {
  if (mode() !== 'sticker' || !network || !first) return;
  const [kind, size, before] = [the('sticker').value, the('size').valueAsNumber, picture];
  stickers[kind] ??= await stickerOf(kind);
  const now = place(before, stickers[kind], board.at, size);
  draw('after', now);
  const part = (/** @type {number} */ length) => `${(100 * length) / SIDE}%`;
  const [row, column] = board.at;
  Object.assign(the('ring').style, { width: part(size), top: part(row - size / 2), left: part(column - size / 2) });
  latest = now;
  await Promise.allSettled([asking]); // one question at a time, and then only about the latest picture
  if (latest !== now) return;
  asking = network.predict(now);
  const probabilities = await asking;
  if (latest !== now || mode() !== 'sticker') return;
  const [target] = search(labels, kind, 1);
  const classes = top(labels, probabilities);
  tell(before, first, now, classes, target);
  if (held) return;
  await offer(`${name}-with-${kind}.png`); // what is said is then also what can be saved
  if (latest === now && mode() === 'sticker') say(`${first.words} → ${classes[0].words} with the sticker.`);
}

// What comes of it

/** @param {string} file Its name. */
async function offer(file) {
  const blob = await new Promise((resolve) => the('after').toBlob(resolve, 'image/png'));
  URL.revokeObjectURL(the('save').href);
  Object.assign(the('save'), { href: URL.createObjectURL(blob), download: file });
  the('keep').hidden = false;
}

// The page

const mode = () => the('controls').elements.mode.value;
/** Is a channel dreamt of? Noise excites hardly any, so such a dream starts from the picture. */
const channelled = () => mode() === 'dream' && the('subject').value === 'channel';

/** Show what belongs to the mode. */
function arrange() {
  const now = [mode(), ...(mode() === 'dream' ? [the('subject').value] : [])];
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-in]'))) {
    part.hidden = !part.dataset.in?.split(' ').some((one) => now.includes(one));
  }
  const [dreams, sticks] = [mode() === 'dream', mode() === 'sticker'];
  the('wish').textContent = dreams ? 'Its name' : 'Make it a';
  the('first').hidden = dreams || sticks;
  the('ring').hidden = !sticks;
  for (const [attribute, value] of Object.entries(MOVABLE)) {
    if (sticks) the('board').setAttribute(attribute, value);
    else the('board').removeAttribute(attribute);
  }
  summarise();
}

/** @param {boolean} is */
function busy(is) {
  running = is;
  for (const control of the('controls').elements) control.disabled = is;
  the('stop').disabled = !is;
  the(is ? 'stop' : 'start').focus(); // or else the keyboard would be nowhere
  progress();
}

/** The row that is chosen. */
function chosen() {
  return /** @type {Row} */ (rows.find((row) => row.name === the('network').value));
}

/** What is behind the fold, in a line. */
function summarise() {
  const epsilon = mode() === 'trick' ? `Epsilon ${the('epsilon').value}, ` : '';
  const steps = mode() === 'sticker' ? '' : `${the('steps').value} steps, `;
  the('settings').textContent = `${epsilon}${steps}${named(chosen())}`;
}

/** Load the network that is chosen. */
async function choose() {
  const row = chosen();
  summarise();
  network?.close();
  network = undefined;
  the('start').disabled = true;
  say(`Loading ${named(row)} …`);
  try {
    const loaded = await Network.load(row, (done, all) =>
      progress(`${megabytes(done)} of ${megabytes(all)} MB`, done / all),
    );
    if (row !== chosen()) return loaded.close(); // another was chosen meanwhile
    network = loaded;
  } finally {
    progress();
  }
  the('start').disabled = false;
  await look();
}

function find() {
  const hits = search(labels, the('search').value, LISTED);
  the('target').replaceChildren(...hits.map((index) => new Option(labels[index].listed, String(index))));
  the('target').selectedIndex = hits.length ? 0 : -1;
}

async function begin() {
  await install();
  [rows, labels] = await Promise.all(['networks.json', 'labels.json'].map(async (file) => (await fetch(file)).json()));
  const large = rows.filter((row) => row.side === SIDE);
  the('network').replaceChildren(...large.map((row) => new Option(row.name)));
  const asked = new URLSearchParams(location.search).get('network'); // a link may ask for the small one
  the('network').value = large.some((row) => row.name === asked) ? asked : 'GoogLeNet';
  find();
  arrange();
  picture = await read(await (await fetch('panda.png')).blob());
  the('search').oninput = find;
  the('network').onchange = () => guarded(choose);
  for (const id of ['epsilon', 'steps']) the(id).oninput = summarise;
  the('subject').onchange = () => {
    arrange();
    guarded(look);
  };
  for (const radio of the('controls').elements.mode) {
    radio.onchange = () => {
      if (STEPS[mode()]) the('steps').value = STEPS[mode()];
      arrange();
      guarded(look);
    };
  }
  the('sticker').onchange = the('size').oninput = () => guarded(stick);
  the('share').onclick = () =>
    guarded(async () => hand(await poster(result), the('save').download.replace('.png', '-shared.png')));
  the('camera').hidden = !available;
  the('camera').onclick = () => guarded(snap);
  the('file').onchange = async () => {
    const [file] = the('file').files;
    await guarded(() => take(file));
    the('file').value = ''; // so that the same file can be chosen again
  };
  the('stop').onclick = () => network?.cancel();
  the('controls').onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    guarded(run);
  };
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    event.preventDefault();
    guarded(() => take(event.dataTransfer?.files[0]));
  };
  document.onpaste = (event) => guarded(() => take(event.clipboardData?.files[0]));
  await choose();
  // Now rather than when they are needed: by then there may be no connection.
  const kinds = [...the('sticker').options].map((/** @type {HTMLOptionElement} */ { value }) => value);
  await Promise.allSettled(kinds.map(async (kind) => (stickers[kind] ??= await stickerOf(kind))));
}

guarded(begin);
