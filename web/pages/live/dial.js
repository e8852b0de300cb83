// A slider whose every place is a question: the picture there, what the network says, and the curve as far as it is known.
import { chart } from './chart.js';
import { draw, make } from './tools.js';

/** @import { Picture } from './tools.js' */

/**
 * @typedef {object} Found
 * @property {{picture: Picture, words: string, enlarge?: number}[]} shown
 * @property {number} height The probability, for the curve.
 * @property {{blob: Blob, name: string}} file To be saved.
 */

/**
 * @param {HTMLElement} board
 * @param {object} options
 * @param {string} options.name The slider's, and the axis's.
 * @param {string} options.curve What the probability is of.
 * @param {number[]} options.values The slider's places.
 * @param {number} options.start One of them.
 * @param {boolean} [options.sweep] Ask at all the other places too, when there is nothing else to do.
 * @param {(value: number) => Promise<Found>} options.ask
 * @returns What forgets all answers and asks again.
 */
export function dial(board, { name, curve, values, start, sweep = false, ask }) {
  const last = values.length - 1;
  const slider = make('input', { type: 'range', min: '0', max: String(last), value: String(values.indexOf(start)) });
  const output = make('output', {});
  const pictures = make('div', { className: 'pictures' });
  const save = make('a', { textContent: 'Save this picture' });
  const axis = chart({ label: name, low: values[0], high: values[last], ticks: values.filter((_, i) => i % 5 === 0) });
  board.append(
    make('div', { className: 'scrub' }, make('label', {}, `${name} `, slider), output),
    make('div', { className: 'beside' }, pictures, make('div', { className: 'chart' }, axis.svg)),
    make('p', { className: 'moves' }, save),
  );
  /** @type {Map<number, Found>} */
  let found = new Map();
  let busy = false;

  const here = () => values[slider.valueAsNumber];
  const show = () => {
    const answer = found.get(here());
    output.textContent = answer ? String(here()) : `${here()} …`;
    slider.setAttribute('aria-valuetext', `${here()}: ${answer?.shown[0].words ?? 'asking'}`);
    const points = values.flatMap((x) => {
      const known = found.get(x);
      return known ? [/** @type {[number, number]} */ ([x, known.height])] : [];
    });
    axis.draw([{ name: curve, points }], here());
    if (!answer) return;
    pictures.replaceChildren(...answer.shown.map(captioned));
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(answer.file.blob);
    save.download = answer.file.name;
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    const unknown = (/** @type {number} */ value) => !found.has(value);
    for (;;) {
      const next = unknown(here()) ? here() : sweep ? values.findLast(unknown) : undefined;
      if (next === undefined || !board.isConnected) break;
      const asked = found;
      asked.set(next, await ask(next));
      if (asked === found) show();
    }
    busy = false;
  };
  slider.oninput = () => {
    show();
    work();
  };
  const again = () => {
    found = new Map();
    show();
    work();
  };
  show();
  return again;
}

/** @param {Found['shown'][number]} one */
export function captioned({ picture, words, enlarge = 1 }) {
  const canvas = make('canvas', { role: 'img', ariaLabel: words });
  draw(canvas, picture, enlarge);
  return make('figure', {}, make('figcaption', {}, words), canvas);
}
