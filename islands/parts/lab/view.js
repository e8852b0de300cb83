// What the lab shows of its state: the message, pictures, curves and bars, and which controls can be used.
import { chart } from '../chart.js';
import { make, REDUCED_MOTION } from '../elements.js';
import { imageOf } from '../picture.js';
import { counted, percent, top } from '../words.js';
import { file, seen } from './machine.js';

/** @import { Class } from '../words.js' */
/** @import { State } from './machine.js' */

/** The values of a change, so that the largest is black or white. */
function magnified(/** @type {Uint8ClampedArray} */ before, /** @type {Uint8ClampedArray} */ after) {
  const far = after.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i])), 0);
  return { far, change: after.map((value, i) => 128 + ((value - before[i]) * 127) / Math.max(far, 1)) };
}

/**
 * @param {HTMLElement} el The lab's.
 * @param {(state: State) => Uint8ClampedArray | undefined} beginning What a run begins with.
 * @returns {(state: State) => void} Shows a state.
 */
export function view(el, beginning) {
  const the = (/** @type {string} */ name) => /** @type {any} */ (el.querySelector(`.${name}`));
  const form = /** @type {HTMLFormElement} */ (the('controls'));
  /** @type {Record<string, unknown>} */
  const shown = {}; // nothing is drawn, or read out, twice

  /** @type {(name: string, value: unknown, show: () => void) => void} */
  const once = (name, value, show) => {
    if (shown[name] === value) return;
    shown[name] = value;
    show();
  };
  /** @type {(name: string, rgb: Uint8ClampedArray | undefined, words: string) => void} */
  const draw = (name, rgb, words) => {
    the(name).ariaLabel = words;
    if (rgb) once(name, rgb, () => the(name).getContext('2d').putImageData(imageOf(rgb), 0, 0));
  };
  /** @type {(name: string, one: Class | undefined, target?: number) => void} In the target's colour if it is the target. */
  const caption = (name, one, target) => {
    the(name).textContent = one?.words ?? '';
    the(name).classList.toggle('target', Boolean(one) && one?.index === target);
  };

  /** @param {State} state Shows the mode's controls, and enables those that can be used. A hidden one must not block Start. */
  const arrange = (state) => {
    const { mode } = state.settings;
    for (const part of /** @type {NodeListOf<HTMLFieldSetElement>} */ (el.querySelectorAll('[data-in]'))) {
      part.hidden = !part.dataset.in?.split(' ').includes(mode);
      const stops = part.contains(the('stop')); // it would be disabled, too
      if (part instanceof HTMLFieldSetElement) part.disabled = part.hidden || (state.running && !stops);
    }
    the('wish').textContent = mode === 'dream' ? 'Dream of a' : 'Make it a';
    const steps = state.settings[`steps-${mode}`]; // a sticker has none
    const method = mode === 'trick' ? `${state.settings.method}, ` : '';
    const what = `${steps ? `${counted(Number(steps))}, ` : ''}${method}${state.settings.network}`;
    form.querySelector('summary')?.replaceChildren(what);
    for (const control of form.elements) {
      const kind = control.closest('fieldset');
      if (!kind || kind.className.includes('modes')) /** @type {HTMLInputElement} */ (control).disabled = state.running;
    }
    the('start').disabled = state.running || state.phase === 'loading';
    the('stop').disabled = !state.running || state.stopping;
  };

  /** @param {State} state The message, and the progress, which isn't read out because it changes too often. */
  const tell = ({ phase, words, progress }) => {
    once('message', words, () => the('message').replaceChildren(words));
    the('message').dataset.state = phase;
    the('step').textContent = progress?.words ?? '';
    el.querySelector('progress')?.toggleAttribute('hidden', !progress);
    Object.assign(el.querySelector('progress') ?? {}, { value: progress?.share ?? 0 });
  };

  /** @param {State} state What the network says, as bars. */
  const answers = ({ network, answer, run, stuck }, /** @type {number | undefined} */ target) => {
    const probabilities = run?.frames.length ? seen(run).probabilities : (stuck?.probabilities ?? answer);
    const classes = network && probabilities ? top(network.labels, probabilities, target) : [];
    caption('said-after', classes[0], target);
    once('bars', probabilities, () => {
      const rows = classes.map(({ index, name, p }) => {
        const words = [name, percent(p)].map((text) => make('span', {}, text));
        const bar = make('progress', { value: p, ariaHidden: 'true' });
        return make('li', { className: index === target ? 'target' : '' }, ...words, bar);
      });
      the('bars').replaceChildren(...rows);
      const more = classes.length > 5 ? ', and the target' : '';
      const by = classes.length ? `The five most probable classes${more}, according to ${network?.by}.` : '';
      the('bars').ariaLabel = the('by').textContent = by;
    });
  };

  /** @param {State} state The run so far: how the picture has changed, and the curves. */
  const walked = ({ run, network, running }) => {
    the('more').hidden = !run?.frames.length;
    if (!run?.frames.length || !network) return;
    const { picture, step } = seen(run);
    if (!running || !REDUCED_MOTION.matches || run.frames.length === 1) {
      const { far, change } = magnified(run.frames[0].picture, picture);
      const words = `The change, at full contrast: no value moved by more than ${far} out of 255.`;
      draw('change', change, words);
      the('said-change').textContent = words;
    }
    const [was] = top(network.labels, run.frames[0].probabilities);
    const axis = chart({ label: 'step', low: 0, high: run.steps, ticks: [0, run.steps] });
    const curves = [...new Set([run.target, was.index])].map((index) => ({
      name: network.labels[index].listed,
      points: run.frames.map((frame) => /** @type {[number, number]} */ ([frame.step, frame.probabilities[index]])),
    }));
    axis.draw(curves, step);
    the('curves').replaceChildren(axis.svg);
    Object.assign(the('moment'), { max: run.frames.length - 1, value: run.at });
    the('moment').ariaValueText = the('said-after').textContent;
  };

  return (state) => {
    const { run, stuck, network, answer, running, settings } = state;
    arrange(state);
    tell(state);
    const start = beginning(state);
    const frame = run?.frames.length ? seen(run) : undefined;
    const goal =
      run?.target ?? (stuck && network ? network.labels.findIndex(({ listed }) => listed === stuck.kind) : -1);
    answers(state, goal < 0 ? undefined : goal);
    const before = run?.frames[0]?.probabilities ?? answer;
    const [was] = network && before ? top(network.labels, before) : [];
    caption('said-before', was, run?.target);
    draw('before', start, `The picture before: ${was?.words ?? ''}`);
    const now = frame?.picture ?? stuck?.picture ?? start;
    const late = running && REDUCED_MOTION.matches && (run?.frames.length ?? 0) > 1; // they come with the last one
    if (!late) draw('after', now, `The picture now: ${the('said-after').textContent}`);
    walked(state);
    the('keep').hidden = running || !file(state) || Boolean(stuck && !stuck.probabilities);
    the('walked').hidden = !run;
    the('again').disabled = !state.kept;
    const part = (/** @type {number} */ length) => `${(100 * length) / 224}%`;
    const size = Number(settings.size);
    const [above, left] = state.at.map((middle) => part(middle - size / 2));
    Object.assign(the('onto').firstElementChild.style, { width: part(size), top: above, left });
  };
}
