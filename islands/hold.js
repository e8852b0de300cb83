// A picture to hold: while it is held, it walks to another class, and let go, it walks back. Then: where is the change?
import { draw, make, REDUCED_MOTION, slider } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { changed, pixels } from './parts/picture.js';

const PACE = 180; // milliseconds for each step
const GAINS = [1, 4, 16, 63]; // with an epsilon of 2, the last one takes grey to black or white
const [SEEN, LENS] = [28, 5]; // the loupe's side in the picture's pixels, and how much larger it shows them

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {string} state.start The address of the first picture.
 * @param {string} state.changes Of a picture with the change of each step, one below the other (modulo 256).
 * @param {string[]} state.says What the network says after each step, such as "giant panda 99.6%".
 * @param {string[]} state.classes The first picture's, and the one that it walks to.
 * @param {number[][]} state.heights Their probabilities after each step.
 * @param {number} state.epsilon As far as any value moves, in pixel values.
 */
export async function mount(el, { start, changes, says, classes, heights, epsilon }) {
  const [first, strip] = await Promise.all([start, changes].map(pixels));
  const { width, height } = first;
  const pictures = changed(first.rgb, strip.rgb);
  const last = pictures.length - 1;
  const word = make('p', { className: 'word' });
  const canvas = make('canvas', { className: 'held', tabIndex: 0, role: 'button' });
  const [loupe, stage] = [make('canvas', { className: 'loupe', hidden: true }), make('div', { className: 'stage' })];
  const bars = classes.map(() => make('i', {}));
  const gain = slider('Where is it?', { max: String(GAINS.length - 1), value: '0' }, () => run(), times);
  const search = make('div', { className: 'scrub search' }, ...gain.bar);
  search.style.visibility = 'hidden'; // until the change is there
  const { board, say } = figure(el);
  stage.append(canvas, loupe);
  board.append(word, stage, make('div', { className: 'bar', ariaHidden: 'true' }, ...bars), search);

  const toggles = REDUCED_MOTION.matches; // two states, and nothing between them
  const hint = `${toggles ? 'Press' : 'Hold'} the panda.`;
  let [at, held, since, drawn] = [0, false, 0, ''];
  const show = () => {
    const [step, low, by] = [Math.round(at), Math.floor(at), GAINS[gain.input.valueAsNumber]];
    for (const [i, { style }] of bars.entries()) {
      const [from, to] = [heights[low], heights[Math.min(low + 1, last)]].map((all) => all[i]);
      style.width = `${100 * (from + (at - low) * (to - from))}%`;
    }
    if (drawn === `${step} ${by}`) return;
    drawn = `${step} ${by}`;
    const name = says[step].replace(/ [^ ]+$/, '');
    const flipped = name === classes[1];
    if (flipped !== word.classList.contains('flipped')) navigator.vibrate?.(8);
    word.classList.toggle('flipped', flipped);
    word.textContent = by === 1 ? name : `change ${times(gain.input.valueAsNumber)}`;
    canvas.ariaLabel = `A picture that the network calls ${says[step]}. Hold it.`;
    const rgb = pictures[step].map((value, i) => value + (by - 1) * (value - first.rgb[i]));
    draw(canvas, { rgb, width, height }, 2);
  };
  /** @type {(now: number) => void} Nearer to where it should be, as far as the time allows. */
  const walk = (now) => {
    const [aim, most] = [wanted(), toggles ? last : (now - since) / PACE];
    at += Math.max(-most, Math.min(most, aim - at));
    since = now;
    show();
    if (at !== aim) return requestAnimationFrame(walk);
    since = 0;
    if (at === last) search.style.visibility = '';
    say(at === last ? `${says[last]}, and no value has moved by more than ${epsilon} of 255.` : hint);
  };
  const wanted = () => (held || gain.input.valueAsNumber ? last : 0);
  const run = () => {
    if (since) return; // it walks already
    since = performance.now();
    requestAnimationFrame(walk);
  };
  const hold = (/** @type {boolean} */ on) => {
    held = on;
    run();
  };
  /** @type {(event: PointerEvent) => void} */
  const look = ({ offsetX, offsetY, pointerType }) => {
    const [side, scale] = [SEEN * LENS, width / canvas.clientWidth];
    loupe.hidden = search.style.visibility !== '';
    Object.assign(loupe, { width: side, height: side });
    const [left, top] = [offsetX, offsetY].map((length) => length * scale - SEEN / 2);
    const pen = /** @type {CanvasRenderingContext2D} */ (loupe.getContext('2d'));
    pen.imageSmoothingEnabled = false;
    pen.drawImage(canvas, left, top, SEEN, SEEN, 0, 0, side, side);
    const above = pointerType === 'touch' ? side : side / 2; // a thumb hides what is below it
    loupe.style.translate = `${offsetX - side / 2}px ${offsetY - side / 2 - above}px`;
  };
  canvas.onpointerdown = (event) => {
    if (event.button || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    hold(!toggles || !held);
    look(event);
  };
  canvas.onlostpointercapture = canvas.onblur = () => toggles || hold(false);
  canvas.onpointermove = look;
  canvas.onpointerleave = canvas.onpointercancel = () => loupe.toggleAttribute('hidden', true);
  canvas.oncontextmenu = (event) => held && event.preventDefault(); // a finger that rests
  canvas.onclick = ({ detail }) => detail || hold(!held); // a screen reader's
  canvas.onkeydown = canvas.onkeyup = (event) => {
    if (![' ', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    if (!event.repeat) hold(event.type === 'keydown');
  };
  show();
  say(hint);
}

const times = (/** @type {number} */ value) => `× ${GAINS[value]}`;
