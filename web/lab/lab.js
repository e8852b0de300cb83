// The lab: a picture, a class, Start. What computes is in network.js and attack.js, and what is seen in view.js.
import { trick } from '../../islands/parts/attack.js';
import { Board } from '../../islands/parts/board.js';
import { chart } from '../../islands/parts/chart.js';
import { dreaming, noise } from '../../islands/parts/dream.js';
import { counted, megabytes, percent, STILL } from '../../islands/parts/elements.js';
import { paint } from '../../islands/parts/paint.js';
import { pixels, read, SIDE, squared } from '../../islands/parts/picture.js';
import { seeded } from '../../islands/parts/random.js';
import { search } from '../../islands/parts/search.js';
import { place } from '../../islands/parts/sticker.js';
import { available, photograph } from './camera.js';
import { install } from './install.js';
import { Network } from './network.js';
import { bars, caption, draw, enlarged, progress, say, the, top } from './view.js';

/** @import { Frame } from '../../islands/parts/attack.js' */
/** @import { Row } from './network.js' */
/** @import { Picture } from '../../islands/parts/picture.js' */
/** @import { Label } from '../../islands/parts/search.js' */
/** @import { Class } from './view.js' */

const LISTED = 6; // of the classes that fit what is typed
/** @type {Record<string, typeof trick | typeof paint | typeof dreaming>} */
const WAYS = { trick, paint, dream: dreaming };
const TELLING = 8; // steps, which tell how fast the others will be

/** @type {Label[]} */
let labels;
/** @type {Row[]} */
let rows;
/** @type {Network | undefined} */
let network;
/** @type {Uint8ClampedArray} */
let picture;
let name = 'panda'; // of the picture
let whose = 'panda'; // which of the page's it is, or none
let handed = 0; // pictures handed over so far: only the latest counts
let running = false;
/** @type {Uint8ClampedArray} */
let shown; // what a run would begin with
/** @type {Class} */
let first; // what the network says about it
/** @type {File} */
let kept; // what can be saved
let made = ''; // the link that makes it; none where the page's own does
/** @type {Record<string, Picture>} */
const stickers = {};
const board = new Board(the('board'), () => the('size').valueAsNumber, stick);
/** @type {Uint8ClampedArray | undefined} */
let latest; // of the pictures with a sticker
/** @type {Promise<Float32Array> | undefined} */
let asking;

/** @type {(row: Row) => string} */
const named = (row) => `${row.name}, ${row.weights}`;
const plain = (/** @type {string} */ text) => text.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');

/** Turn what goes wrong into a sentence on the page, so that the lab stays usable. */
self.onunhandledrejection = (event) => {
  event.preventDefault();
  const { name, message } = event.reason;
  if (name !== 'AbortError') say('failed', message); // or else it was the reader's wish
};

/** What a run begins with. */
const beginning = () => (mode() === 'dream' ? noise(seeded(control('seed').valueAsNumber)) : picture);

/** Show what a run would begin with, and what the network says about it. */
async function look() {
  const asked = beginning();
  shown = asked;
  for (const id of ['before', 'after']) draw(id, asked);
  for (const id of ['said-before', 'said-after', 'step']) the(id).textContent = '';
  for (const id of ['keep', 'more']) the(id).hidden = true;
  if (!network) return;
  say('looking', 'Looking …');
  const classes = top(labels, await network.predict(asked));
  if (asked !== shown || running) return; // there is another by now
  first = classes[0];
  caption('said-before', first);
  tell(classes);
  if (mode() === 'sticker') return stick();
  if (the('message').dataset.state !== 'looking') return; // what went wrong stays
  const dream = 'Press Start, and a dream grows out of this faint noise.';
  say('ready', mode() === 'dream' ? dream : `Ready: this is ${first.words}.`);
}

/**
 * Take a picture, unless another is handed over while it is being read. ours: which of the page's it is.
 * @type {(reading: () => Promise<Uint8ClampedArray>, from: string, ours?: string) => Promise<void>}
 */
async function take(reading, from, ours = '') {
  if (running) return say('failed', 'Press Stop before you choose another picture.');
  const turn = ++handed;
  try {
    const rgb = await reading();
    if (turn !== handed || running) return;
    [picture, name, whose] = [rgb, plain(from) || 'picture', ours];
  } catch (error) {
    if (turn !== handed || running) return; // nobody waits for it any more
    throw error;
  } finally {
    if (turn === handed && the('picture').value !== whose) {
      the('picture').value = whose; // none for the reader's own; the one before if nothing was taken
      link();
    }
  }
  await look();
}

/** @type {(file: File | null | undefined) => unknown} */
const hand = (file) => file && take(() => read(file), file.name.replace(/\.\w+$/, ''));

function ours() {
  const chosen = the('picture').value;
  return take(async () => (await pixels(`pictures/${chosen}.png`)).rgb, chosen, chosen);
}

async function snap() {
  the('camera').disabled = true; // one at a time
  const seen = await photograph().finally(() => {
    the('camera').disabled = running;
  });
  if (seen) await take(async () => squared(seen), 'photograph');
}

// Steps

/**
 * A frame, and the curves up to it. Readers who want nothing to flicker get the pictures with the last one.
 * @type {(frames: Frame[], frame: Frame, target: number, steps: number) => void}
 */
function show(frames, frame, target, steps) {
  const classes = top(labels, frame.probabilities, target);
  const [was] = top(labels, frames[0].probabilities);
  const { far, change } = enlarged(frames[0].picture, frame.picture);
  if (frames.length === 1 || !running || !STILL.matches) {
    draw('after', frame.picture);
    draw('change', change);
  }
  caption('said-before', was, target);
  the('said-change').textContent = `The change, enlarged: no value moved by more than ${far} out of 255.`;
  const axis = chart({ label: 'step', low: 0, high: steps, ticks: [0, steps] });
  const curves = [...new Set([target, was.index])].map((index) => ({
    name: labels[index].listed,
    points: frames.map(({ step, probabilities }) => /** @type {[number, number]} */ ([step, probabilities[index]])),
  }));
  axis.draw(curves, frame.step);
  the('curves').replaceChildren(axis.svg);
  tell(classes, target);
  the('more').hidden = false;
  the('moment').ariaValueText = the('said-after').textContent;
}

/** @type {(classes: Class[], target?: number) => void} What the network says about the picture now. */
function tell(classes, target) {
  caption('said-after', classes[0], target);
  bars(classes, network ? named(network.row) : '', target);
}

/** From Start to the last step, or to Stop. */
async function run() {
  if (!network) return;
  if (the('class').value === '') throw new Error(`No class fits "${the('target').value}". Try a different word.`);
  const target = Number(the('class').value);
  const wish = labels[target].listed;
  const [kind, start, { href }] = [mode(), beginning(), location];
  const [epsilon, steps, seed] = ['epsilon', `steps-${kind}`, 'seed'].map((name) => control(name).valueAsNumber);
  const dreams = kind === 'dream';
  const options = { epsilon, steps, chance: seeded(seed) };
  /** @type {Frame[]} */
  const frames = [];
  the('keep').hidden = true; // it is about the run before
  busy(true);
  const begun = performance.now();
  say('running', `${dreams ? 'Dreaming of' : 'Towards'} ${wish} …`);
  try {
    for await (const frame of WAYS[kind](network, start, target, options)) {
      frames.push(frame);
      show(frames, frame, target, steps);
      const seconds = ((performance.now() - begun) / 1000 / frame.step) * (steps - frame.step);
      const left = frame.step < TELLING || seconds < 2 ? '' : ` About ${seconds.toFixed()} s left.`;
      progress(
        `Step ${frame.step} of ${steps}: ${wish} ${percent(frame.probabilities[target])}.${left}`,
        frame.step / steps,
      );
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // Stop keeps what was reached
  } finally {
    busy(false);
  }
  if (frames.length < 2) return say('stopped', 'Stopped before the first step.');
  // A trick ends at the frame in which the target is most probable (the last of equals); the others end at the last.
  const last = frames.reduce((one, next) =>
    kind === 'trick' && one.probabilities[target] > next.probabilities[target] ? one : next,
  );
  show(frames, last, target, steps);
  const state = frames[frames.length - 1].step < steps ? 'stopped' : 'done';
  const [wanted, how] = [plain(wish), kind === 'trick' ? `eps${epsilon}` : 'painted'];
  const file = dreams ? `dream-of-${wanted}.png` : `${name}-to-${wanted}-${how}.png`;
  const seen = () => frames[the('moment').valueAsNumber];
  Object.assign(the('moment'), {
    max: frames.length - 1,
    value: frames.indexOf(last),
    oninput: () => {
      show(frames, seen(), target, steps);
      the('step').textContent = `Step ${seen().step} of ${steps}.`; // read out by the slider already
    },
    onchange: () => offer(`step-${seen().step}-${file}`, href), // what is seen can be saved
  });
  const [was, is] = [frames[0], last].map((frame) => top(labels, frame.probabilities)[0]);
  await offer(file, href);
  if (dreams) {
    return say(state, `A dream of ${wish} in ${counted(last.step)}. The network says ${is.words}.`);
  }
  const more = kind === 'trick' ? 'more steps or a larger epsilon' : 'more steps or a different seed';
  const near = `The ${wish} reached ${percent(last.probabilities[target])}. To get further, try ${more}.`;
  say(state, `${was.words} → ${is.words} in ${counted(last.step)}.${is.index === target ? '' : ` ${near}`}`);
}

// The sticker

/** @param {boolean} [held] Is it still being moved? */
async function stick(held = false) {
  if (mode() !== 'sticker' || !network || !first) return;
  const kind = the('sticker').value;
  stickers[kind] ??= await pixels(`stickers/${kind}.png`);
  if (mode() !== 'sticker' || kind !== the('sticker').value) return;
  const size = the('size').valueAsNumber;
  const now = place(picture, stickers[kind], board.at, size);
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
  const classes = top(labels, probabilities, target);
  tell(classes, target);
  if (held) return;
  await offer(`${name}-with-${kind}.png`); // what is said is then also what can be saved
  if (latest === now && mode() === 'sticker') say('done', `${first.words} → ${classes[0].words} with the sticker.`);
}

// What comes of it

/** @type {(file: string, link?: string) => Promise<void>} Under this name, and with the link that makes it. */
async function offer(file, link = '') {
  const now = mode();
  const blob = await new Promise((resolve) => the('after').toBlob(resolve, 'image/png'));
  if (mode() !== now) return; // another was chosen meanwhile
  [kept, made] = [new File([blob], file, { type: blob.type }), link];
  URL.revokeObjectURL(the('save').href);
  Object.assign(the('save'), { href: URL.createObjectURL(kept), download: file });
  the('walked').hidden = now === 'sticker';
  the('keep').hidden = false;
}

/** Hand the picture and a link to the reader's own apps, where the browser can, or else copy the link. */
async function share() {
  const what = { files: [kept], title: document.title, url: made || location.href };
  if (navigator.canShare?.(what)) return navigator.share(what);
  await navigator.clipboard.writeText(what.url);
  say('copied', 'The link is copied. It has your settings, but not your own picture or the position of the sticker.');
}

// The page

/** @type {(name: string) => any} */
const control = (name) => the('controls').elements[name];
const mode = () => control('mode').value;

/** Show what belongs to the mode. What doesn't is in no link, and bars no Start. */
function arrange() {
  for (const part of /** @type {NodeListOf<HTMLFieldSetElement>} */ (document.querySelectorAll('[data-in]'))) {
    part.hidden = part.disabled = !part.dataset.in?.includes(mode());
  }
  the('wish').textContent = mode() === 'dream' ? 'Dream of a' : 'Make it a';
  summarise();
}

/** @param {boolean} is */
function busy(is) {
  running = is;
  for (const control of the('controls').querySelectorAll('input, select, button')) control.disabled = is;
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
  const steps = control(`steps-${mode()}`); // a sticker has none
  the('settings').textContent = `${steps ? `${counted(Number(steps.value))}, ` : ''}${named(chosen())}`;
}

/** Load the chosen network. The previous one stays until it is there, and if it cannot be loaded. */
async function choose() {
  const row = chosen();
  summarise();
  the('start').disabled = true;
  say('loading', `Loading ${named(row)} …`);
  try {
    const loaded = await Network.load(row, (done, all) =>
      progress(`${megabytes(done)} of ${megabytes(all)} MB`, done / all),
    );
    if (row !== chosen()) return loaded.close(); // another was chosen meanwhile
    network?.close();
    network = loaded;
  } catch (error) {
    if (row !== chosen()) return;
    if (network) the('network').value = network.row.name;
    link(); // or else the page, loaded again, would ask for it again
    summarise();
    throw error;
  } finally {
    if (row === chosen() || network?.row === chosen()) {
      progress();
      the('start').disabled = !network;
    }
  }
  await look();
}

/** Put what is set into the page's address. */
function link() {
  const set = /** @type {any} */ (new FormData(the('controls')));
  history.replaceState(null, '', `?${new URLSearchParams(set)}`);
}

/** Set the controls as the page's address says. A value that a control does not accept leaves it as it was. */
function follow() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!document.querySelector(`#controls [name="${CSS.escape(name)}"]`)) continue;
    const before = control(name).value;
    control(name).value = value;
    control(name).value ||= before;
  }
}

function find() {
  const hits = search(labels, the('target').value, LISTED);
  const options = hits.map((index) => new Option(labels[index].listed, String(index)));
  the('class').replaceChildren(...(hits.length ? options : [new Option('None fits', '')]));
}

async function begin() {
  await install();
  [rows, labels] = await Promise.all(['networks.json', 'labels.json'].map(async (file) => (await fetch(file)).json()));
  const large = rows.filter((row) => row.imagenet && row.side === SIDE);
  the('network').replaceChildren(...large.map((row) => new Option(row.name)));
  the('network').value = 'GoogLeNet';
  follow();
  find();
  arrange();
  link(); // Jupyter's address has its token, which is nobody else's
  await ours();
  the('target').oninput = find;
  the('class').onchange = () => {
    the('target').value = labels[Number(the('class').value)].listed;
    find();
  };
  the('picture').onchange = ours;
  the('network').onchange = choose;
  the('controls').oninput = summarise;
  the('controls').onchange = (/** @type {any} */ { target }) => {
    const fresh = target.name === 'seed' && mode() === 'dream' && the('keep').hidden; // its noise is seen
    if (fresh || target.name === 'mode') {
      arrange();
      look();
    }
    link();
  };
  const unfold = () => the('fold').setAttribute('open', '');
  the('fold').addEventListener('invalid', unfold, true); // so that the browser can show which it is
  the('sticker').onchange = the('size').oninput = () => stick();
  the('share').hidden = !isSecureContext; // where there is neither a way to apps nor a clipboard
  the('share').onclick = share;
  the('camera').hidden = !available;
  the('camera').onclick = snap;
  the('own').onclick = () => {
    the('file').value = ''; // so that the same file can be chosen again
    the('file').click();
  };
  the('file').onchange = () => hand(the('file').files[0]);
  the('stop').onclick = () => network?.cancel();
  the('controls').onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    run();
  };
  document.ondragover = (event) => {
    event.preventDefault();
    document.body.classList.add('dropping');
  };
  document.ondragleave = (event) => event.relatedTarget ?? document.body.classList.remove('dropping');
  document.ondrop = (event) => {
    event.preventDefault();
    document.body.classList.remove('dropping');
    const [file] = event.dataTransfer?.files ?? [];
    if (file) hand(file);
    else say('failed', 'That is not a file. Save the picture first, then drop the saved file here.');
  };
  document.onpaste = (event) => hand(event.clipboardData?.files[0]);
  await choose();
  // Now rather than when they are needed: by then there may be no connection.
  for (const id of ['picture', 'sticker']) {
    for (const { value } of the(id).options) if (value) fetch(`${id}s/${value}.png`).catch(() => {}); // kept by sw.js
  }
}

begin();
