// The lab: a picture, a class, Start. What computes is in network.js and attack.js, and what is seen in view.js.
import { best, share, trick } from './attack.js';
import { install } from './install.js';
import { Network } from './network.js';
import { read, SIDE } from './picture.js';
import { search } from './search.js';
import { bars, caption, curve, draw, enlarged, percent, progress, say, the, top } from './view.js';

/** @import { Frame } from './attack.js' */
/** @import { Row } from './network.js' */
/** @import { Label } from './search.js' */

const SHOWN = 6; // of the classes that fit what is typed
const HALF = 'half';
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

/** @type {(row: Row) => string} */
const named = (row) => `${row.name}, ${row.weights === HALF ? 'half precision' : 'exact'}`;
const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
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
  const shown = picture;
  for (const id of ['before', 'after']) draw(id, shown);
  for (const id of ['said-before', 'said-after']) the(id).textContent = '';
  for (const id of ['keep', 'more']) the(id).hidden = true;
  if (!network) return;
  const probabilities = await network.predict(shown);
  if (shown !== picture || running) return; // there is another by now
  const [first] = top(labels, probabilities);
  caption('said-before', first);
  say(`Ready: this is ${first.words}.`);
}

/** @param {Blob | null | undefined} file */
async function take(file) {
  if (!file || running) return;
  picture = await read(file);
  name = plain((file instanceof File && file.name.replace(/\.\w+$/, '')) || '') || 'picture';
  await look();
}

/**
 * A frame, and the curves up to it. Readers who want nothing to flicker get the pictures with the last one.
 * @param {Frame[]} frames
 * @param {Frame} frame
 * @param {number} target
 * @param {number} steps
 */
function show(frames, frame, target, steps) {
  const classes = top(labels, frame.probabilities);
  const [was] = top(labels, frames[0].probabilities, 1);
  const { far, shown } = enlarged(frames[0].picture, frame.picture);
  if (frames.length === 1 || !running || !STILL.matches) {
    draw('after', frame.picture);
    draw('change', shown);
  }
  caption('said-before', was, target);
  caption('said-after', classes[0], target);
  the('said-change').textContent = `The change, enlarged: no value moved by more than ${far} out of 255.`;
  curve('old', frames, was.index, steps);
  curve('new', frames, target, steps);
  the('legend').textContent = `Solid: ${labels[target].listed}. Dashed: ${was.name}. 0 to 100%, ${steps} steps.`;
  if (network) bars(classes, named(network.row), target);
  the('more').hidden = false;
}

/** From Start to the last step, or to Stop. */
async function run() {
  if (!network || running) return;
  if (the('target').value === '') return say(`No class has a name like "${the('search').value}".`, true);
  const target = Number(the('target').value);
  const [epsilon, steps] = [the('epsilon').valueAsNumber, the('steps').valueAsNumber];
  /** @type {Frame[]} */
  const frames = [];
  const wanted = new Set([target]);
  busy(true);
  say(`Towards ${labels[target].listed} …`);
  try {
    for await (const frame of trick(network, picture, wanted, { epsilon, steps })) {
      frames.push(frame);
      show(frames, frame, target, steps);
      const p = percent(share(frame.probabilities, wanted));
      progress(`Step ${frame.step} of ${steps}: ${labels[target].listed} ${p}.`, frame.step / steps);
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // Stop keeps what was reached
  } finally {
    busy(false);
  }
  if (!frames.length) return say('Stopped before the first step.');
  const kept = best(frames, wanted);
  show(frames, kept, target, steps);
  const [was, is] = [frames[0], kept].map((frame) => top(labels, frame.probabilities, 1)[0]);
  const further = is.index === target ? '' : ' To get further, try more steps or a larger epsilon.';
  say(`${was.words} → ${is.words} in ${kept.step} steps.${further}`);
  await offer(`${name}-to-${plain(labels[target].listed)}-eps${epsilon}.png`);
}

/** @param {string} file */
async function offer(file) {
  const blob = await new Promise((resolve) => the('after').toBlob(resolve, 'image/png'));
  URL.revokeObjectURL(the('save').href);
  Object.assign(the('save'), { href: URL.createObjectURL(blob), download: file });
  the('keep').hidden = false;
}

/** @param {boolean} is */
function busy(is) {
  running = is;
  for (const id of ['start', 'file', 'network', 'exact']) the(id).disabled = is;
  the('stop').disabled = !is;
  the(is ? 'stop' : 'start').focus(); // or else the keyboard would be nowhere
  progress();
}

/** The row that is chosen. */
function chosen() {
  const weights = the('exact').checked ? 'exact' : HALF;
  return /** @type {Row} */ (rows.find((row) => row.name === the('network').value && row.weights === weights));
}

/** What is behind the fold, in a line. */
function summarise() {
  the('settings').textContent = `Epsilon ${the('epsilon').value}, ${the('steps').value} steps, ${named(chosen())}`;
  const exact = rows.find((row) => row.name === the('network').value && row.weights === 'exact');
  the('exactly').textContent = `Exact weights: ${megabytes(exact?.bytes ?? 0)} MB`;
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
    const loaded = await Network.load(row, {
      progress: (done, all) => progress(`${megabytes(done)} of ${megabytes(all)} MB`, done / all),
    });
    if (row !== chosen()) return loaded.close(); // another was chosen meanwhile
    network = loaded;
  } finally {
    progress();
  }
  the('start').disabled = false;
  await look();
}

function find() {
  const found = search(labels, the('search').value, SHOWN);
  the('target').replaceChildren(...found.map((index) => new Option(labels[index].listed, String(index))));
  the('target').selectedIndex = found.length ? 0 : -1;
}

async function begin() {
  await install();
  [rows, labels] = await Promise.all(['networks.json', 'labels.json'].map(async (file) => (await fetch(file)).json()));
  const large = rows.filter((row) => row.side === SIDE && row.weights === HALF);
  the('network').replaceChildren(...large.map((row) => new Option(row.name)));
  const asked = new URLSearchParams(location.search).get('network'); // a link may ask for the small one
  the('network').value = large.some((row) => row.name === asked) ? asked : 'GoogLeNet';
  find();
  picture = await read(await (await fetch('panda.png')).blob());
  the('search').oninput = find;
  for (const id of ['network', 'exact']) the(id).onchange = () => guarded(choose);
  for (const id of ['epsilon', 'steps']) the(id).oninput = summarise;
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
}

guarded(begin);
