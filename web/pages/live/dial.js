// A slider whose every place is a question: the picture there, what the network says, and the curve as far as it is known.
import { chart } from './chart.js';
import { make, sentence, slider } from './live.js';
import { draw, file as png } from './tools.js';

/** @import { Picture } from '../../lab/picture.js' */
/** @import { Stored } from './live.js' */

/**
 * A picture and its caption; with `before`, that is in the same place (style.css says which of them is seen).
 * @typedef {{picture: Picture, words: string, enlarge?: number, before?: {picture: Picture, words: string}}} Panel
 */

/**
 * What is known about a place: pictures with the network's answers, and a probability for each curve, as far as known.
 * @typedef {{pictures: Stored[], heights: (number | undefined)[]}} Reading
 */

/**
 * @param {HTMLElement} board
 * @param {object} options
 * @param {string} options.name The slider's, and the axis's.
 * @param {string[]} options.curves What the probabilities are of.
 * @param {number[]} options.values The slider's places.
 * @param {number} options.start One of them.
 * @param {Map<number, Stored[]>} options.stored Pictures that are known before any is asked for.
 * @param {(pictures: Stored[]) => Reading['heights']} options.heights What their answers say about the curves.
 * @param {(value: number, pictures: Stored[]) => Panel[]} options.panels
 * @param {string} [options.file] The name of the file in which the first picture can be saved, before the place.
 * @param {number[]} [options.ticks] The places that the axis names.
 * @param {'along'} [options.sweep] Ask at all places, from the first to the last; the slider goes along until the reader
 *   moves it.
 * @param {(value: number) => Promise<Reading>} options.ask
 * @param {(words: string) => void} options.say Is told why an answer failed.
 * @returns A function that forgets all answers, the stored ones too, and asks again.
 */
export async function dial(board, { name, curves, values, start, stored, heights, panels, ...options }) {
  const { file, ticks, sweep, ask, say } = options;
  /** @type {(value: number, reading: Reading) => Promise<Reading & {panels: Panel[], blob?: Blob}>} */
  const drawn = async (value, reading) => {
    const blob = file ? await png(reading.pictures[0]) : undefined;
    return { ...reading, panels: panels(value, reading.pictures), blob };
  };
  const last = values.length - 1;
  const { input, output, bar } = slider(name, { min: '0', max: String(last), value: String(values.indexOf(start)) });
  const pictures = make('div', { className: 'pictures' });
  const save = make('a', { textContent: 'Save this picture', hidden: true });
  const axis = chart({
    label: name,
    low: values[0],
    high: values[last],
    ticks: ticks ?? values.filter((_, i) => i % 5 === 0),
  });
  board.append(
    bar,
    make('div', { className: 'beside' }, pictures, make('div', { className: 'chart' }, axis.svg)),
    make('p', { className: 'moves' }, save),
  );
  let readings = new Map();
  for (const [value, pictures] of stored)
    readings.set(value, await drawn(value, { pictures, heights: heights(pictures) }));
  let done = new Set(); // the places that have been asked about
  /** @type {Awaited<ReturnType<typeof drawn>> | undefined} */
  let latest;
  let [busy, moved, over] = [false, false, false]; // over: a walk that has failed has no more steps

  const here = () => values[input.valueAsNumber];
  const show = () => {
    const reading = readings.get(here());
    output.textContent = reading ? String(here()) : `${here()} …`;
    input.setAttribute('aria-valuetext', `${here()}: ${reading?.panels[0].words ?? 'asking'}`);
    const known = values.filter((x) => readings.has(x));
    /** @type {(i: number) => [number, number][]} */
    const points = (i) =>
      known.flatMap((x) => {
        const height = readings.get(x)?.heights[i];
        return height === undefined ? [] : [[x, height]];
      });
    axis.draw(
      curves.map((curve, i) => ({ name: curve, points: points(i), loose: !done.size })),
      here(),
    );
    const shown = reading ?? latest; // until the walk has come here
    if (shown) pictures.replaceChildren(...shown.panels.map(captioned));
    save.hidden = !shown?.blob;
    if (!shown?.blob) return;
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(shown.blob);
    save.download = `${file}-${here()}.png`;
  };
  const next = () =>
    sweep === 'along' ? values.find((value) => !done.has(value)) : readings.has(here()) ? undefined : here();
  const work = async () => {
    if (busy || over) return;
    busy = true;
    for (let value = next(); value !== undefined && board.isConnected; value = next()) {
      const asked = readings;
      try {
        const reading = await drawn(value, await ask(value));
        if (asked !== readings) continue; // all was forgotten meanwhile
        readings.set(value, reading);
        done.add(value);
        latest = reading;
        if (sweep === 'along' && !moved) input.valueAsNumber = values.indexOf(value);
        show();
      } catch (error) {
        if (asked !== readings) continue;
        say(sentence(error));
        over = sweep === 'along';
        break;
      }
    }
    busy = false;
  };
  input.oninput = () => {
    moved = true;
    show();
    if (!readings.has(here())) work();
  };
  const again = () => {
    readings = new Map();
    done = new Set();
    latest = undefined;
    for (const caption of pictures.querySelectorAll('figcaption')) caption.textContent = '…'; // it no longer answers
    [moved, over] = [false, false];
    if (sweep === 'along') input.valueAsNumber = values.indexOf(start);
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
function captioned({ picture, words, enlarge = 1, before }) {
  const canvas = make('canvas', { role: 'img', ariaLabel: words });
  draw(canvas, picture, enlarge);
  const figure = make('figure', { className: 'after' }, make('figcaption', {}, words), canvas);
  if (!before) return figure;
  const other = captioned({ ...before, enlarge });
  other.className = 'before';
  return make('div', { className: 'turns' }, figure, other);
}
