// The lab: a picture, a class, Start. What computes is in network.js and attack.js.
import { best, share, trick } from './attack.js';
import { install } from './install.js';
import { Network } from './network.js';
import { search } from './search.js';

/** @import { Frame } from './attack.js' */
/** @import { Row } from './network.js' */
/** @import { Label } from './search.js' */

const SIDE = 224;
const SHOWN = 6; // of the classes that fit what is typed
const NOT_READ = 'This is not a picture that can be read here. Save it as JPEG or PNG.';

/** @type {(id: string) => any} */
const the = (id) => document.getElementById(id);
const say = (/** @type {string} */ words) => {
  the('message').textContent = words;
};
const percent = (/** @type {number} */ p) => `${(100 * p).toFixed(1)}%`;

/** @type {Label[]} */
let labels;
/** @type {Row[]} */
let rows;
/** @type {Network | undefined} */
let network;
/** @type {Uint8ClampedArray} */
let picture;
let running = false;

/**
 * A picture file as the networks take it: the centre square, RGB, transparency on white.
 * @param {Blob} file
 */
async function read(file) {
  const image = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const square = Math.min(image.width, image.height);
  const [left, top] = [(image.width - square) / 2, (image.height - square) / 2];
  context.fillStyle = 'white';
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingEnabled = square !== SIDE; // a picture that was saved here comes back exactly
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, left, top, square, square, 0, 0, SIDE, SIDE);
  return context.getImageData(0, 0, SIDE, SIDE).data.filter((_, i) => i % 4 < 3);
}

/**
 * @param {string} id
 * @param {ArrayLike<number>} rgb
 */
function draw(id, rgb) {
  const image = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = rgb[3 * i + channel];
    image.data[4 * i + 3] = 255;
  }
  the(id).getContext('2d').putImageData(image, 0, 0);
}

/** @param {Float32Array} probabilities */
function first(probabilities) {
  const index = probabilities.indexOf(Math.max(...probabilities));
  return { index, words: `${labels[index].listed} ${percent(probabilities[index])}` };
}

/** Show a picture, and what the network says about it. */
async function look() {
  draw('before', picture);
  for (const id of ['after', 'change']) the(id).getContext('2d').clearRect(0, 0, SIDE, SIDE);
  for (const id of ['said-before', 'said-after', 'said-change', 'legend']) the(id).textContent = '';
  for (const id of ['old', 'new']) the(id).setAttribute('points', '');
  the('save').hidden = true;
  if (!network) return;
  const { words } = first(await network.predict(picture));
  the('said-before').textContent = words;
  say(`Ready: this is ${words}.`);
}

/** @param {Blob | null | undefined} file */
async function take(file) {
  if (!file || running) return;
  try {
    picture = await read(file);
  } catch {
    return say(NOT_READ);
  }
  await look();
}

/**
 * A frame, and the curves up to it.
 * @param {Frame[]} frames
 * @param {Frame} frame
 * @param {number} target
 * @param {number} steps
 */
function show(frames, frame, target, steps) {
  const was = first(frames[0].probabilities).index;
  const far = frame.picture.reduce((most, value, i) => Math.max(most, Math.abs(value - picture[i])), 0);
  const change = frame.picture.map((value, i) => 128 + ((value - picture[i]) * 127) / Math.max(far, 1));
  draw('after', frame.picture);
  draw('change', change);
  the('said-after').textContent = first(frame.probabilities).words;
  the('said-change').textContent = `The change, enlarged: no value moved by more than ${far} out of 255.`;
  const curve = (/** @type {number} */ index) =>
    frames.map(({ step, probabilities }) => `${(300 * step) / steps},${100 - 99 * probabilities[index]}`).join(' ');
  the('old').setAttribute('points', curve(was));
  the('new').setAttribute('points', curve(target));
  the('legend').textContent =
    `Solid: ${labels[target].listed}. Dashed: ${labels[was].listed}. 0 to 100%, ${steps} steps.`;
}

/** From Start to the last step, or to Stop. */
async function run() {
  const target = Number(the('target').value);
  if (!network || running || the('target').value === '') return;
  const [epsilon, steps] = [the('epsilon').valueAsNumber, the('steps').valueAsNumber];
  /** @type {Frame[]} */
  const frames = [];
  const wanted = new Set([target]);
  busy(true);
  try {
    for await (const frame of trick(network, picture, wanted, { epsilon, steps })) {
      frames.push(frame);
      show(frames, frame, target, steps);
      say(`Step ${frame.step} of ${steps}: ${labels[target].listed} ${percent(share(frame.probabilities, wanted))}.`);
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // Stop keeps what was reached
  } finally {
    busy(false);
  }
  if (!frames.length) return say('Stopped before the first step.');
  const kept = best(frames, wanted);
  show(frames, kept, target, steps);
  say(`${first(frames[0].probabilities).words} → ${first(kept.probabilities).words} in ${kept.step} steps.`);
  const blob = await new Promise((resolve) => the('after').toBlob(resolve, 'image/png'));
  URL.revokeObjectURL(the('save').href);
  the('save').href = URL.createObjectURL(blob);
  the('save').hidden = false;
}

/** @param {boolean} is */
function busy(is) {
  running = is;
  the('stop').disabled = !is;
  for (const id of ['start', 'file', 'network']) the(id).disabled = is;
}

/** Load the network that is chosen. */
async function choose() {
  const row = rows[the('network').value];
  network?.close();
  network = undefined;
  the('start').disabled = true;
  the('progress').hidden = false;
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  say(`Loading ${row.name} …`);
  try {
    const loaded = await Network.load(row, {
      progress(done, all) {
        the('progress').value = done / all;
        say(`Loading ${row.name}: ${megabytes(done)} of ${megabytes(all)} MB.`);
      },
    });
    if (row !== rows[the('network').value]) return loaded.close(); // another was chosen meanwhile
    network = loaded;
  } catch (error) {
    return say(error instanceof Error ? error.message : String(error));
  } finally {
    the('progress').hidden = true;
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
  [rows, labels] = await Promise.all(['networks.json', 'labels.json'].map(async (name) => (await fetch(name)).json()));
  const large = rows.flatMap((row, index) => (row.side === SIDE ? [{ row, index }] : []));
  const option = (/** @type {{row: Row, index: number}} */ { row, index }) =>
    new Option(`${row.name}, ${row.weights === 'half' ? 'half precision' : 'exact'}`, String(index));
  the('network').replaceChildren(...large.map(option));
  the('network').value = rows.findIndex(({ name, weights }) => name === 'GoogLeNet' && weights === 'half');
  find();
  picture = await read(await (await fetch('panda.png')).blob());
  the('search').oninput = find;
  the('network').onchange = choose;
  the('file').onchange = () => take(the('file').files[0]);
  the('stop').onclick = () => network?.cancel();
  the('controls').onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    run();
  };
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  };
  document.onpaste = (event) => take(event.clipboardData?.files[0]);
  await choose();
}

begin();
