// Sliders above what a Python function draws: in Jupyter at each of their places, on a page at those that are stored.
import { make, slider } from './parts/elements.js';
import { figure, latest } from './parts/figure.js';

/** @import { Ask, Caption, Drawn, Kernel } from './parts/figure.js' */

/** A slider in Jupyter. @typedef {{low: number, high: number, step: number, value: number}} Range */

/** A slider on a page, which begins at the place with the number `at`. @typedef {{places: number[], at: number}} Places */

/**
 * What a page has: the frames' words, where the last slider moves fastest, and their pictures on one strip, `width` x
 * `height` each, below one another in columns of `rows`.
 * @typedef {object} Stored
 * @property {[string, Places][]} sliders
 * @property {[Caption, string][]} frames Captions and alternative texts.
 * @property {string} strip
 * @property {boolean} exact Are the strip's pictures exact, pixel for pixel?
 * @property {boolean} chart Are they charts?
 * @property {number} width
 * @property {number} height
 * @property {number} rows
 */

/**
 * @param {HTMLElement} el On a page: with the still, unless that stays beside the island.
 * @param {Stored | {sliders: [string, Range][], shown: Drawn}} state
 * @param {Ask} ask
 */
export function mount(el, state, ask) {
  const still = /** @type {HTMLElement[]} */ ([...el.children]);
  const { board, notes, say, fail, wait } = figure(el);
  const bars = make('div', { className: 'sliders' });
  const image = make('img', { hidden: still.length > 0 });
  const caption = make('div', { role: 'status' });
  const drawn = make('div', { className: 'drawn' }, ...still, image, caption);
  board.append(bars, ...notes);
  board.after(drawn);

  const values = state.sliders.map(([, one]) => ('places' in one ? one.at : one.value));
  for (const [i, [name, one]] of state.sliders.entries()) {
    const moved = (/** @type {number} */ value) => {
      values[i] = value;
      again();
    };
    if ('places' in one) {
      const properties = { max: String(one.places.length - 1), defaultValue: String(one.at) };
      bars.append(...slider(name, properties, moved, (at) => String(one.places[at])).bar);
    } else bars.append(...makeRange(name, one, moved));
  }
  /** @param {Drawn} shown */
  const show = ({ picture, caption: words, alt }) => {
    Object.assign(image, { src: picture, alt });
    const told = typeof words === 'string';
    drawn.classList.toggle('told', told);
    caption.replaceChildren(told ? words : answers(words));
  };
  /** Draws the last of many moves, and as many of the earlier ones as there is time for. */
  const again = latest(async () => {
    const shown = await draw([...values]).catch(fail);
    if (!shown) return;
    show(shown);
    say('');
    for (const one of still) one.hidden = true;
    image.hidden = false;
  });

  /** @type {(values: number[]) => Promise<Drawn>} */
  let draw;
  if ('shown' in state) {
    const kernel = /** @type {Kernel} */ (ask.kernel);
    draw = async (at) => (await kernel(wait, { kind: 'draw', values: at }))[0];
    show(state.shown);
    return;
  }
  const reel = strip(state);
  draw = reel.draw;
  image.className = state.chart ? 'paper chart' : 'paper';
  image.style.cssText = still[0]?.querySelector('svg, img')?.getAttribute('style') ?? ''; // how narrow it may become
  show(reel.blank(values));
  const lost = 'These pictures have lost a little detail, so that they load quickly.';
  if (!state.exact) drawn.append(make('p', { className: 'note' }, lost));
  for (const near of ['pointerenter', 'focusin']) bars.addEventListener(near, reel.load, { once: true });
  const come = (/** @type {IntersectionObserverEntry[]} */ entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    coming.disconnect();
    again();
  };
  const coming = new IntersectionObserver(come, { rootMargin: '50%' });
  if (!still.length) coming.observe(image);
}

/**
 * A slider over a range, and a box in which a value can be typed. Its value is what was moved or typed last.
 * @param {string} name
 * @param {Range} range
 * @param {(value: number) => void} moved
 */
function makeRange(name, { low, high, step, value }, moved) {
  const range = { min: String(low), max: String(high), step: String(step), value: String(value) };
  const input = make('input', { type: 'range', ...range });
  const box = make('input', { type: 'number', ariaLabel: name, ...range });
  input.oninput = () => {
    box.value = input.value;
    moved(input.valueAsNumber);
  };
  box.onchange = () => {
    const typed = box.valueAsNumber; // NaN if no number was typed: then the slider stays
    const held = Math.min(Math.max(Number.isNaN(typed) ? input.valueAsNumber : typed, low), high);
    const now = [low, high, step, value].every(Number.isInteger) ? Math.round(held) : held;
    box.value = input.value = String(now);
    moved(now);
  };
  return [make('label', {}, name, input), box];
}

/** What a page has stored, which is fetched once it is wanted. @param {Stored} stored */
function strip({ strip: address, width, height, rows, sliders, frames }) {
  const paper = new Image();
  const canvas = make('canvas', { width, height });
  const load = async () => {
    if (!paper.src) paper.src = address;
    await paper.decode().catch(() => {
      paper.removeAttribute('src');
      throw new Error('The pictures cannot be fetched. Try again later.');
    });
  };
  const place = (/** @type {number[]} */ at) => at.reduce((sum, one, i) => sum * sliders[i][1].places.length + one, 0);
  /** @type {(at: number[]) => Drawn} Before its picture is there. */
  const blank = (at) => {
    const [caption, alt] = frames[place(at)];
    return { picture: canvas.toDataURL(), caption, alt };
  };
  return {
    load: () => load().catch(() => {}),
    blank,
    /** @param {number[]} at */
    async draw(at) {
      await load();
      const [left, top] = [Math.floor(place(at) / rows) * width, (place(at) % rows) * height];
      canvas.getContext('2d')?.drawImage(paper, left, top, width, height, 0, 0, width, height);
      return blank(at);
    },
  };
}

/** @type {(classes: [string, number][]) => HTMLElement} A network's first answers, each with its bar. */
function answers(classes) {
  const rows = classes.map(([name, p]) => {
    const bar = make('div', {});
    bar.style.width = `${100 * p}%`;
    return make('tr', {}, make('td', {}, name), make('td', {}, `${(100 * p).toFixed(2)}%`), make('td', {}, bar));
  });
  return make('table', { className: 'likeliest', ariaLabel: 'Most probable classes' }, ...rows);
}
