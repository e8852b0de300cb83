// What the lab shows of its state: the message, picture, curves and bars, and which controls can be used.
import { chart } from '../chart.js';
import { compare } from '../compare.js';
import { make, REDUCED_MOTION } from '../elements.js';
import { far, SIDE, square } from '../picture.js';
import { counted, percent, top } from '../words.js';
import { file, seen, unfinished } from './machine.js';

/** @import { Label } from '../search.js' */
/** @import { State } from './machine.js' */

const TALL = 140; // the chart, which has to fit into a phone's first screen

/**
 * @param {HTMLElement} el The lab's.
 * @param {(state: State) => Uint8ClampedArray | undefined} beginning What a run begins with.
 * @returns {(state: State) => void} Shows a state.
 */
export function view(el, beginning) {
  const the = (/** @type {string} */ name) => /** @type {any} */ (el.querySelector(`.${name}`));
  const form = /** @type {HTMLFormElement} */ (the('controls'));
  /** @type {Record<string, unknown[]>} */
  const shown = {}; // nothing is drawn, or read out, twice

  /** @type {(name: string, values: unknown[], show: () => void) => void} */
  const once = (name, values, show) => {
    if (shown[name]?.every((value, i) => value === values[i])) return;
    shown[name] = values;
    show();
  };
  /** @type {{labels: Label[], by?: string, target?: number, each: (Float32Array | undefined)[]}} */
  let said = { labels: [], each: [] }; // of each picture that is compared
  const pair = compare((at, gain) => {
    const probabilities = said.each[Math.round(at)];
    const classes = probabilities ? top(said.labels, probabilities, said.target) : [];
    the('said').textContent = gain ? `change ${gain}` : (classes[0]?.words ?? '');
    el.classList.toggle('flipped', Boolean(classes.length) && classes[0].index === said.target);
    once('bars', [probabilities, said.target], () => {
      const rows = classes.map(({ index, name, p }) => {
        const bar = make('i', {});
        bar.style.width = `${100 * p}%`;
        const words = [name, percent(p)].map((text) => make('span', {}, text));
        return make('li', { className: index === said.target ? 'target' : '' }, ...words, bar);
      });
      the('bars').replaceChildren(...rows);
      const more = classes.length > 5 ? ', and the target' : '';
      const by = classes.length ? `The five most probable classes${more}, according to ${said.by}.` : '';
      the('bars').ariaLabel = the('by').textContent = by;
    });
  }, true);
  the('said').after(pair.el);
  pair.el.append(the('onto'));
  the('gain').append(pair.gain);

  /** @param {State} state Shows the mode's controls, and enables those that can be used. A hidden one must not block Start. */
  const arrange = (state) => {
    const { mode } = state.settings;
    for (const part of /** @type {NodeListOf<HTMLFieldSetElement>} */ (el.querySelectorAll('[data-in]'))) {
      part.hidden = !part.dataset.in?.split(' ').includes(mode);
      const stops = part.contains(the('stop')); // it would be disabled, too
      if (part instanceof HTMLFieldSetElement) part.disabled = part.hidden || (state.running && !stops);
    }
    the('wish').textContent = mode === 'dream' ? 'Dream of' : 'Turn it into';
    const steps = state.settings[`steps-${mode}`]; // a sticker has none
    const method = mode === 'trick' ? `${state.settings.method}, ` : '';
    const what = `${steps ? `${counted(Number(steps))}, ` : ''}${method}${state.settings.network}`;
    form.querySelector('summary')?.replaceChildren(what);
    Object.assign(the('start'), { hidden: state.running, disabled: state.running || state.phase === 'loading' });
    the('stop').hidden = !state.running;
  };

  /** @param {State} state The message, and the progress, which isn't read out because it changes too often. */
  const tell = ({ phase, words, progress }) => {
    the('message').ariaLive = phase === 'moment' ? 'off' : null; // its slider says it
    once('message', [words], () => the('message').replaceChildren(words));
    the('message').dataset.state = phase;
    the('step').textContent = progress?.words ?? '';
    el.querySelector('progress')?.toggleAttribute('hidden', !progress);
    Object.assign(el.querySelector('progress') ?? {}, { value: progress?.share ?? 0 });
  };

  /** @param {State} state The picture, and while it is held, the one before. */
  const compared = (state) => {
    const [{ run, stuck, network, answer, running, settings }, start] = [state, beginning(state)];
    const late = running && REDUCED_MOTION.matches && (run?.frames.length ?? 0) > 1; // it comes with the last one
    if (!start || late) return;
    const labels = network?.labels ?? [];
    const sticker = labels.findIndex(({ listed }) => listed === stuck?.kind);
    const target = run?.target ?? (sticker < 0 ? undefined : sticker);
    const before = { picture: start, probabilities: run?.frames[0]?.probabilities ?? answer };
    const after = run?.frames.length ? seen(run) : stuck;
    const both = after && settings.mode !== 'dream' ? [before, after] : [after ?? before];
    const each = both.map(({ probabilities }) => probabilities);
    once('pictures', [both.length, target, ...both.map(({ picture }) => picture), ...each], () => {
      said = { labels, by: network?.by, target, each };
      const frames = both.map(({ picture: rgb, probabilities }) => {
        const says = probabilities ? top(labels, probabilities)[0].words : 'nothing yet';
        return { ...square(rgb), says };
      });
      pair.show(frames);
    });
  };

  /** @param {State} state The run so far: how far the picture has changed, and the curves. */
  const walked = ({ run, network }) => {
    the('curves').hidden = !run?.frames.length;
    if (!run?.frames.length || !network) return;
    const { picture, step } = seen(run);
    const most = far(run.frames[0].picture, picture);
    the('said-change').textContent =
      `Hold the picture to see it as it was. No value has moved by more than ${most} out of 255.`;
    const [was] = top(network.labels, run.frames[0].probabilities);
    const axis = chart({ label: 'step', low: 0, high: run.steps, ticks: [0, run.steps], tall: TALL });
    const curves = [...new Set([run.target, was.index])].map((index) => ({
      name: network.labels[index].listed,
      points: run.frames.map((frame) => /** @type {[number, number]} */ ([frame.step, frame.probabilities[index]])),
    }));
    axis.draw(curves, step);
    the('curves').replaceChildren(axis.svg);
    Object.assign(the('moment'), { max: run.frames.length - 1, value: run.at });
    the('moment').ariaValueText = top(network.labels, seen(run).probabilities)[0].words;
  };

  return (state) => {
    const { run, stuck, settings, running } = state;
    arrange(state);
    tell(state);
    compared(state);
    walked(state);
    the('said-change').hidden = !run?.frames.length || settings.mode === 'dream';
    the('on').hidden = running || !unfinished(run);
    the('keep').hidden = running || !file(state) || Boolean(stuck && !stuck.probabilities);
    the('walked').hidden = !run;
    the('again').disabled = !state.kept;
    const part = (/** @type {number} */ length) => `${(100 * length) / SIDE}%`;
    const size = Number(settings.size);
    const [above, left] = (stuck?.at ?? [SIDE / 2, SIDE / 2]).map((middle) => part(middle - size / 2));
    Object.assign(the('onto').firstElementChild.style, { width: part(size), top: above, left });
  };
}
