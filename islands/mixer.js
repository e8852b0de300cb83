// A colour to mix, and what a linear classifier says about a square of it.
import { controls, draw, make, slider } from './parts/elements.js';
import { figure } from './parts/figure.js';

const SIDE = 160;

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {[string, number][]} state.colour Red, green and blue at first, 0..255.
 * @param {[string, number[]][]} state.classes What a red, a green and a blue value add to each one's score, and a constant.
 */
export function mount(el, { colour, classes }) {
  const { board, say } = figure(el);
  const canvas = make('canvas', { role: 'img' });
  const caption = make('figcaption', {});
  const sliders = colour.map(([name, value]) => slider(name, { max: '255', value }, () => show()));
  board.append(...sliders.map(({ bar }) => controls(...bar)), make('figure', {}, caption, canvas));
  const show = () => {
    const mixed = sliders.map(({ input }) => input.valueAsNumber);
    const scores = classes.map(([, adds]) => [...mixed, 1].reduce((sum, value, i) => sum + value * adds[i], 0));
    const [name] = classes[scores.indexOf(Math.max(...scores))];
    const rgb = new Uint8ClampedArray(3 * SIDE * SIDE).map((_, i) => mixed[i % 3]);
    draw(canvas, { rgb, width: SIDE, height: SIDE });
    canvas.ariaLabel = caption.textContent = name;
    say(`${mixed.join(', ')}: ${name}.`);
  };
  show();
}
