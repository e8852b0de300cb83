// Pictures in one place: while it is held, they walk from the first to the last, and let go, back. A loupe and a gain
// show where they differ.
import { draw, make, REDUCED_MOTION, slider } from './elements.js';

/** @import { Seen } from './seen.js' */

/** @typedef {Omit<Seen, 'heights'>} Shown */

const [PACE, WHOLE] = [110, 1000]; // milliseconds at most, for each step and for the whole way
const REST = 250; // milliseconds after which a finger holds the picture, and no longer scrolls the page
const MOST = 63; // where no value moved by more than 2, this gain takes grey to black or white
const [SEEN, LENS] = [28, 5]; // the loupe's side in the picture's pixels, and how much larger it shows them

/** @type {(place: number) => number} The gain where a slider from 0 to 1 stands. */
const gainAt = (place) => Math.round(MOST ** place);
const inWords = (/** @type {number} */ place) => `× ${gainAt(place)}`;

/**
 * Where the pictures are: `el` has them, `gain` has the slider, which is invisible until they have differed; place them
 * as you like. `show` takes one picture or more, all of one size, as often as you like, also while somebody holds them.
 * @param {(at: number, gain: string) => void} moved Told what is seen after each change: `at` counts pictures, 0.5 is
 * half way from the first to the second; `gain` is "" or such as "× 4".
 * @param {boolean} [backwards] Is the last one seen, and while it is held, the first?
 */
export function compare(moved, backwards = false) {
  const canvas = make('canvas', { className: 'held' });
  const loupe = make('canvas', { className: 'loupe', hidden: true, width: SEEN * LENS, height: SEEN * LENS });
  const { input, bar } = slider('Where is it?', { max: '1', step: '0.02', value: '0' }, () => run(), inWords);
  const gain = make('div', { className: 'scrub search' }, ...bar);
  gain.style.visibility = 'hidden';
  /** @type {Shown[]} */
  let frames = [];
  let [at, held, since, rests] = [0, false, 0, false];
  /** @type {unknown[]} */
  let drawn = [];
  let centre = [0, 0]; // of what the loupe shows, in the picture's pixels

  const last = () => frames.length - 1;
  const paint = () => {
    const [times, first, frame] = [gainAt(input.valueAsNumber), frames[0], frames[Math.round(at)]];
    moved(at, times > 1 ? `× ${times}` : '');
    Object.assign(canvas, last() ? { role: 'button', tabIndex: 0 } : { role: 'img', tabIndex: -1 });
    if (drawn[0] === frame.rgb && drawn[1] === times) return;
    drawn = [frame.rgb, times];
    const more = times - 1;
    const rgb = more ? frame.rgb.map((value, i) => value + more * (value - first.rgb[i])) : frame.rgb;
    draw(canvas, { ...frame, rgb }, 2);
    magnify();
  };
  const magnify = () => {
    const [left, top] = centre.map((place) => place - SEEN / 2);
    const pen = /** @type {CanvasRenderingContext2D} */ (loupe.getContext('2d'));
    pen.imageSmoothingEnabled = false;
    pen.clearRect(0, 0, loupe.width, loupe.height);
    pen.drawImage(canvas, left, top, SEEN, SEEN, 0, 0, loupe.width, loupe.height);
  };
  /** @type {(now: number) => void} Nearer to where it should be, as far as the time allows. */
  const move = (now) => {
    const aim = held !== backwards || rests || input.valueAsNumber ? last() : 0;
    const pace = REDUCED_MOTION.matches ? 0 : Math.min(PACE, WHOLE / last()); // or two states, and nothing between them
    const most = pace ? Math.max(0, now - since) / pace : last();
    at += Math.max(-most, Math.min(most, aim - at));
    since = now;
    if (last() && at === last()) gain.style.visibility = '';
    paint();
    if (at !== aim) return requestAnimationFrame(move);
    since = 0;
    canvas.ariaLabel = `A picture that the network calls ${frames[at].says}.${last() ? ` ${REDUCED_MOTION.matches ? 'Press' : 'Hold'} it.` : ''}`;
    canvas.ariaPressed = last() && REDUCED_MOTION.matches ? `${held}` : null;
  };
  const run = () => {
    if (since) return; // it moves already
    since = performance.now();
    requestAnimationFrame(move);
  };
  const hold = (/** @type {boolean} */ on) => {
    held = on;
    rests &&= on;
    run();
  };
  /** @type {(event: PointerEvent) => void} */
  const look = ({ offsetX, offsetY, pointerType }) => {
    const [side, scale] = [loupe.width, canvas.width / canvas.clientWidth];
    loupe.hidden = gain.style.visibility !== '';
    centre = [offsetX, offsetY].map((length) => length * scale);
    magnify();
    const above = pointerType === 'touch' ? side : side / 2; // a thumb hides what is below it
    loupe.style.translate = `${offsetX - side / 2}px ${Math.max(0, offsetY - side / 2 - above)}px`;
  };
  canvas.onpointerdown = (event) => {
    if (event.button || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    hold(!REDUCED_MOTION.matches || !held);
    look(event);
  };
  canvas.onlostpointercapture = canvas.onblur = () => REDUCED_MOTION.matches || hold(false);
  canvas.onpointermove = look;
  let pressed = 0; // when the first finger came
  let [apart, before] = [0, 0]; // two fingers when they came, in pixels of the screen, and what the slider said then
  /** @type {(event: TouchEvent) => void} The gain grows as they part. */
  const spread = (event) => {
    const [one, other] = event.touches;
    if (event.type === 'touchstart' && !other) pressed = event.timeStamp;
    const rests = !other && event.type === 'touchmove' && event.timeStamp - pressed > REST;
    if (rests && event.cancelable) event.preventDefault(); // the page stays where it is
    const now =
      other && !gain.style.visibility ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
    if (!now || !apart) [apart, before] = [now, input.valueAsNumber];
    if (!now) return;
    event.preventDefault(); // the page keeps its size
    input.valueAsNumber = before + (now - apart) / canvas.clientWidth;
    input.dispatchEvent(new Event('input'));
  };
  canvas.ontouchstart = canvas.ontouchmove = canvas.ontouchend = spread;
  canvas.onpointerleave = canvas.onpointercancel = () => loupe.toggleAttribute('hidden', true);
  canvas.oncontextmenu = (event) => held && event.preventDefault(); // a finger that rests
  canvas.onclick = ({ detail }) => detail || hold(!held); // a screen reader's
  canvas.onkeydown = canvas.onkeyup = (event) => {
    if (![' ', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    const down = event.type === 'keydown';
    if (!event.repeat && (down || !REDUCED_MOTION.matches)) hold(REDUCED_MOTION.matches ? !held : down);
  };

  /**
   * @param {Shown[]} pictures
   * @param {boolean} [resting] Is the last one seen at once, and stays until somebody holds it and lets go? So while a run goes on.
   */
  const show = (pictures, resting = false) => {
    [frames, rests] = [pictures, resting];
    at = resting || (backwards && !held) ? last() : Math.min(at, last());
    if (!last()) {
      input.value = '0'; // nothing to be found
      input.dispatchEvent(new Event('input'));
      gain.style.visibility = 'hidden';
    }
    paint();
    run();
  };
  return { el: make('div', { className: 'stage' }, canvas, loupe), gain, show };
}
