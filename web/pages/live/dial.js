// A slider whose every place is a question: the picture there, what the network says, and the curve as far as it is known.
import { chart } from '../../lab/chart.js';
import { make } from '../../lab/view.js';
import { draw, slider } from './tools.js';

/** @import { Picture } from '../../lab/picture.js' */
/** @import { Figure, Stored } from './live.js' */

/**
 * A picture and its caption; with `before`, that is in the same place (style.css says which of them is seen).
 * @typedef {{picture: Picture, words: string, enlarge?: number, before?: {picture: Picture, words: string}}} Panel
 */

/**
 * What is known about a place: pictures with the network's answers, and a probability for each curve, as far as known.
 * @typedef {{pictures: Stored[], heights: (number | undefined)[]}} Reading
 */

/**
 * @param {Pick<Figure, 'board' | 'stored' | 'say'>} figure
 * @param {object} options
 * @param {string} options.name The slider's, and the axis's.
 * @param {string[]} options.curves What the probabilities are of.
 * @param {number[]} options.values The slider's places.
 * @param {number} options.start One of them.
 * @param {(pictures: Stored[]) => Reading['heights']} options.heights What the stored answers say about the curves.
 * @param {(value: number, pictures: Stored[]) => Panel[]} options.panels
 * @param {string} [options.file] The name of the file in which the first picture can be saved, before the place.
 * @param {number[]} [options.ticks] The places that the axis names.
 * @param {(wanted: () => number | undefined) => AsyncGenerator<[number, Reading]>} options.walk Goes through all places,
 *   and the slider goes along until the reader moves it; or goes where the reader is and nothing is known yet.
 * @returns A function that forgets all answers, the stored ones too, and walks again.
 */
export function dial({ board, stored, say }, { name, curves, values, start, heights, panels, file, ticks, walk }) {
  const last = values.length - 1;
  const { input, output, bar } = slider(name, { min: '0', max: String(last), value: String(values.indexOf(start)) });
  const pictures = make('div', { className: 'pictures' });
  const save = make('a', { textContent: 'Save this picture', hidden: !file });
  ticks ??= values.filter((_, i) => i % 5 === 0);
  const axis = chart({ label: name, low: values[0], high: values[last], ticks });
  board.append(
    bar,
    make('div', { className: 'beside' }, pictures, make('div', { className: 'chart' }, axis.svg)),
    make('p', { className: 'moves' }, save),
  );
  /** @type {Map<number, {value: number, heights: Reading['heights'], panels: Panel[]}>} */
  let readings = new Map();
  /** @type {ReturnType<typeof readings.get>} */
  let latest; // of the walk's
  /** @type {typeof readings | undefined} */
  let walking; // for these readings
  let moved = false;

  /** @type {(value: number, reading: Reading) => void} */
  const learn = (value, { pictures, heights }) =>
    readings.set(value, { value, heights, panels: panels(value, pictures) });
  const here = () => values[input.valueAsNumber];
  const show = () => {
    const reading = readings.get(here());
    output.textContent = reading ? String(here()) : `${here()} …`;
    input.setAttribute('aria-valuetext', `${here()}: ${reading?.panels[0].words ?? 'asking'}`);
    const lines = curves.map((curve, i) => ({
      name: curve,
      points: values.flatMap((x) => {
        const height = readings.get(x)?.heights[i];
        return height === undefined ? [] : [/** @type {[number, number]} */ ([x, height])];
      }),
      loose: !latest,
    }));
    axis.draw(lines, here());
    const shown = reading ?? latest; // until the walk has come here
    if (!shown) return;
    pictures.replaceChildren(...shown.panels.map(captioned));
    if (file) save.href = pictures.querySelector('canvas')?.toDataURL() ?? '';
    save.download = `${file}-${shown.value}.png`;
  };
  const work = async () => {
    if (walking === readings) return;
    const mine = readings;
    walking = mine;
    try {
      for await (const [value, reading] of walk(() => (readings.has(here()) ? undefined : here()))) {
        if (mine !== readings || !board.isConnected) return; // all was forgotten meanwhile
        learn(value, reading);
        latest = readings.get(value);
        if (!moved) input.valueAsNumber = values.indexOf(value);
        show();
      }
    } catch (error) {
      if (mine === readings) say(/** @type {Error} */ (error).message);
    }
    if (mine === readings) walking = undefined;
  };
  input.oninput = () => {
    moved = true;
    show();
    if (!readings.has(here())) work();
  };
  const again = () => {
    readings = new Map();
    latest = undefined;
    for (const caption of pictures.querySelectorAll('figcaption')) caption.textContent = '…'; // it no longer answers
    moved = false;
    input.valueAsNumber = values.indexOf(start);
    show();
    work();
  };
  for (const [value, pictures] of stored) learn(value, { pictures, heights: heights(pictures) });
  show();
  return again;
}

/** @type {(one: Panel) => HTMLElement} */
function captioned({ picture, words, enlarge = 1, before }) {
  const canvas = make('canvas', { role: 'img', ariaLabel: words });
  draw(canvas, picture, enlarge);
  const figure = make('figure', { className: 'after' }, make('figcaption', {}, words), canvas);
  if (!before) return figure;
  const other = captioned({ ...before, enlarge });
  other.className = 'before';
  return make('div', { className: 'turns' }, figure, other);
}
