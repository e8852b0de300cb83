// A slider whose every place is a question: the picture there, what the network says, and the curve as far as it is known.
import { chart } from './chart.js';
import { make, sentence } from './live.js';
import { draw } from './tools.js';

/** @import { Picture } from '../../lab/picture.js' */

/**
 * A picture and its caption; with `before`, that is in the same place (style.css says which of them is seen).
 * @typedef {{picture: Picture, words: string, enlarge?: number, before?: {picture: Picture, words: string}}} Panel
 */

/**
 * @typedef {object} Reading
 * @property {Panel[]} panels
 * @property {number[]} heights A probability for each curve.
 * @property {{blob: Blob, name: string}} [file] To be saved.
 */

/**
 * @param {HTMLElement} board
 * @param {object} options
 * @param {string} options.name The slider's, and the axis's.
 * @param {string[]} options.curves What the probabilities are of.
 * @param {number[]} options.values The slider's places.
 * @param {number} options.start One of them.
 * @param {number[]} [options.ticks] The places that the axis names.
 * @param {'down' | 'along'} [options.sweep] Ask at all the other places too, when there is nothing else to do: from the last to
 *   the first; or only in this order, from the first to the last, where the slider goes along until the reader moves it.
 * @param {(value: number) => Promise<Reading>} options.ask
 * @param {(words: string) => void} options.say Is told why an answer failed.
 * @returns What forgets all answers and asks again.
 */
export function dial(board, { name, curves, values, start, sweep, ask, say, ticks }) {
  const last = values.length - 1;
  const slider = make('input', { type: 'range', min: '0', max: String(last), value: String(values.indexOf(start)) });
  const output = make('output', {});
  const pictures = make('div', { className: 'pictures' });
  const save = make('a', { textContent: 'Save this picture', hidden: true });
  const axis = chart({
    label: name,
    low: values[0],
    high: values[last],
    ticks: ticks ?? values.filter((_, i) => i % 5 === 0),
  });
  board.append(
    make('div', { className: 'scrub' }, make('label', {}, `${name} `, slider), output),
    make('div', { className: 'beside' }, pictures, make('div', { className: 'chart' }, axis.svg)),
    make('p', { className: 'moves' }, save),
  );
  /** @type {Map<number, Reading>} */
  let readings = new Map();
  let [busy, moved, over] = [false, false, false]; // over: a walk that has failed has no more steps

  const here = () => values[slider.valueAsNumber];
  const show = () => {
    const reading = readings.get(here());
    output.textContent = reading ? String(here()) : `${here()} …`;
    slider.setAttribute('aria-valuetext', `${here()}: ${reading?.panels[0].words ?? 'asking'}`);
    const known = values.filter((x) => readings.has(x));
    const points = (/** @type {number} */ i) =>
      known.map((x) => /** @type {[number, number]} */ ([x, readings.get(x)?.heights[i] ?? 0]));
    axis.draw(
      curves.map((curve, i) => ({ name: curve, points: points(i) })),
      here(),
    );
    if (!reading) return;
    pictures.replaceChildren(...reading.panels.map(captioned));
    if (!reading.file) return;
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(reading.file.blob);
    save.hidden = false;
    save.download = reading.file.name;
  };
  const unknown = (/** @type {number} */ value) => !readings.has(value);
  const next = () => {
    if (sweep === 'along') return values.find(unknown);
    if (unknown(here())) return here();
    return sweep && values.findLast(unknown);
  };
  const work = async () => {
    if (busy || over) return;
    busy = true;
    try {
      for (let value = next(); value !== undefined && board.isConnected; value = next()) {
        const asked = readings;
        asked.set(value, await ask(value));
        if (asked !== readings) continue; // all was forgotten meanwhile
        if (sweep === 'along' && !moved) slider.valueAsNumber = values.indexOf(value);
        show();
      }
    } catch (error) {
      say(sentence(error));
      over = sweep === 'along';
    } finally {
      busy = false;
    }
  };
  slider.oninput = () => {
    moved = true;
    show();
    work();
  };
  const again = () => {
    readings = new Map();
    [moved, over] = [false, false];
    if (sweep === 'along') slider.valueAsNumber = values.indexOf(start);
    show();
    work();
  };
  show();
  return again;
}

/**
 * @param {Panel} one
 * @returns {HTMLElement}
 */
export function captioned({ picture, words, enlarge = 1, before }) {
  const canvas = make('canvas', { role: 'img', ariaLabel: words });
  draw(canvas, picture, enlarge);
  const figure = make('figure', { className: 'after' }, make('figcaption', {}, words), canvas);
  if (!before) return figure;
  const other = captioned({ ...before, enlarge });
  other.className = 'before';
  return make('div', { className: 'turns' }, figure, other);
}
