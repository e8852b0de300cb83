// A walk towards a class, step by step, on one network or on two side by side: the lesson's own, and then the reader's.
import { chart } from './parts/chart.js';
import { choice, controls, draw, make, REDUCED_MOTION, slider } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { pixels } from './parts/picture.js';
import { seen, unpack } from './parts/seen.js';
import { walk } from './parts/ways.js';
import { counted } from './parts/words.js';

/** @import { Ask } from './parts/figure.js' */
/** @import { Seen, Stored } from './parts/seen.js' */

/**
 * A walk that is there, or on its way: what is seen on each network after each step, the names of the curves, and what
 * was chosen for it.
 * @typedef {{places: Seen[][], curves: string[], picks: string[]}} Walk
 */

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {{epsilon?: number, length?: number, steps: number}} state.rule A trick goes no further than epsilon in any
 *   value; lesson 15's walks have a length (L2).
 * @param {[string, string][]} state.networks What each is called here, and its name.
 * @param {number} state.channels What they take: 3, or 1 for grey.
 * @param {[string, string][]} state.starts Names and addresses; the lesson's walk begins with the first.
 * @param {string[]} state.classes Those that the reader may choose.
 * @param {string} state.target The lesson's.
 * @param {string} state.beside A class that has a curve beside the target's, or "": then each network has one.
 * @param {Stored[]} state.walks For each network; heights are the curves'.
 * @param {number} state.enlarge The side of the square that is drawn for a pixel.
 * @param {string} state.note
 * @param {Ask} ask
 */
export async function mount(el, state, ask) {
  const { networks, channels, classes, beside, enlarge, note } = state;
  const { epsilon = 0, length = 0, steps } = state.rule;
  const starts = await Promise.all(state.starts.map(([, address]) => pixels(address)));
  const { width, height, rgb: origin } = starts[0];
  const stored = await Promise.all(state.walks.map((walk) => unpack(starts[0], walk)));
  const { board, say, fail, wait } = figure(el);
  const names = state.starts.map(([name]) => name);
  const [from, towards] = [choice('From', names), choice('Towards', classes)];
  towards.select.value = String(classes.indexOf(state.target));
  const choices = [from, towards].filter(({ select }) => select.length > 1);
  const stop = make('button', { disabled: true }, 'Stop');
  const { input, output, bar } = slider('step', { max: String(steps), value: String(steps) }, () => {
    moved = true;
    show();
  });
  const panels = Array.from({ length: epsilon ? 3 : networks.length }, () => {
    const [caption, canvas] = [make('figcaption', {}), make('canvas', { role: 'img' })];
    return { caption, canvas, panel: make('figure', {}, caption, canvas) };
  });
  const apart = 5 * Math.ceil(steps / 30);
  const ticks = Array.from({ length: 1 + Math.floor(steps / apart) }, (_, i) => i * apart);
  const axis = chart({ label: 'step', low: 0, high: steps, ticks });
  const paper = make('div', { className: 'chart' }, axis.svg);
  const stage = make('div', { className: 'beside' }, ...panels.map(({ panel }) => panel), paper);
  const save = make('a', {});
  const chosen = controls(...choices.map(({ label }) => label), stop);
  board.append(chosen, controls(...bar), stage, make('p', { className: 'note' }, save));

  /** @type {(target: string) => Walk} */
  const begun = (target) => ({
    places: [],
    curves: beside ? [target, beside] : networks.map(([title]) => title),
    picks: choices.map(({ select }) => select.value),
  });
  let shown = begun(state.target);
  shown.places = stored[0].map((_, step) => stored.map((walk) => walk[step]));
  let moved = false;
  let taking = new AbortController(); // the walk that is wanted

  /** @type {(step: number) => {words: string, rgb: Uint8ClampedArray}[]} What the panels show. */
  const view = (step) => {
    const [[before], at] = [shown.places[0], shown.places[step]];
    const seen = at.map(({ says, rgb }, i) => ({ words: `${addTitle(networks[i], `step ${step}`)}\n${says}`, rgb }));
    if (!epsilon) return seen;
    const times = Math.floor(127 / epsilon);
    const change = at[0].rgb.map((value, i) => 128 + times * (value - before.rgb[i]));
    const end = { words: `the change\n× ${times}`, rgb: change };
    return [{ words: `before\n${before.says}`, rgb: before.rgb }, ...seen, end];
  };
  const show = () => {
    const reached = shown.places.length - 1;
    input.max = String(stop.disabled ? reached : steps);
    const step = Math.min(input.valueAsNumber, reached);
    output.textContent = step === input.valueAsNumber ? `${step}` : `${input.value} …`; // until the walk has come here
    const heights = shown.places.map((place) => place.flatMap((seen) => seen.heights));
    const curves = shown.curves.map((name, curve) => ({
      name,
      points: heights.map((all, i) => /** @type {[number, number]} */ ([i, all[curve]])),
    }));
    input.ariaValueText = axis.draw(curves, input.valueAsNumber);
    for (const [i, { words, rgb }] of view(step).entries()) {
      panels[i].caption.textContent = panels[i].canvas.ariaLabel = words;
      draw(panels[i].canvas, { rgb, width, height }, i < 2 ? enlarge : enlarge / 2);
    }
    const { caption, canvas } = panels[1];
    const textContent = `Save this picture: ${caption.textContent?.split('\n')[0]}`;
    Object.assign(save, { textContent, href: canvas.toDataURL(), download: `step-${step}.png` });
  };
  /** No walk is wanted any more; what is shown stays. */
  const rest = () => {
    taking.abort();
    [stop.disabled, stage.ariaBusy] = [true, 'false'];
    for (const [i, { select }] of choices.entries()) select.value = shown.picks[i];
    if (!moved) input.value = String(shown.places.length - 1);
    wait('');
    show();
  };
  /** Where the walk that is shown has come to. */
  const tell = () => {
    const last = shown.places.length - 1;
    const answers = shown.places[last].map(({ says }, i) => addTitle(networks[i], says));
    say(`After ${counted(last)}: ${answers.join('; ')}. ${note}`);
  };
  const take = async () => {
    const target = classes[Number(towards.select.value)];
    const mine = begun(target);
    taking.abort();
    taking = new AbortController();
    const { signal } = taking;
    [moved, stop.disabled, stage.ariaBusy] = [false, false, 'true']; // until it begins, the last one stays
    try {
      const hear = (/** @type {string} */ words) => signal.aborted || wait(words);
      const models = await Promise.all(networks.map(([, name]) => ask(name, hear)));
      const { labels } = models[0];
      const curves = [target, beside].filter(Boolean).map((name) => labels.findIndex(({ listed }) => listed === name));
      const start = starts[Number(from.select.value)].rgb.filter((_, i) => i % 3 < channels);
      const kind = epsilon ? 'trick' : 'ofEqualLength';
      const ways = models.map((model) => walk(model, kind, start, curves[0], { epsilon, length, steps, signal }));
      for (let step = 0; step <= steps; step++) {
        const frames = await Promise.all(ways.map((way) => way.next()));
        const place = frames.map(({ value }) => ({
          ...seen(models[0], value, curves),
          rgb: origin.map((_, i) => value.picture[channels === 3 ? i : Math.floor(i / 3)]),
        }));
        mine.places.push(place);
        [shown, stage.ariaBusy] = [mine, 'false'];
        if (REDUCED_MOTION.matches && !moved && step > 0) continue;
        if (!moved) input.value = String(step);
        show();
      }
      rest();
      tell();
    } catch (error) {
      if (signal.aborted) return; // the reader has chosen another, or has stopped it
      rest();
      fail(error);
    }
  };
  stop.onclick = () => {
    rest();
    tell();
    input.focus();
  };
  for (const { select } of choices) select.onchange = take;
  show();
  say(note);
}

/** @type {(network: [string, string], words: string) => string} With what it is called, where there are two. */
const addTitle = ([title], words) => (title ? `${title}, ${words}` : words);
