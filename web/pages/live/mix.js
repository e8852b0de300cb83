// Lesson 4: a colour to mix, and what the linear classifier says about a square of it.
import { draw, make, slider } from '../../../islands/parts/elements.js';

/** @import { Figure } from './live.js' */

const SIDE = 160;
const START = { red: 255, green: 128, blue: 0 }; // the lesson's

/** @param {Figure} figure Its classes have what a red, a green and a blue value add to their scores, and a constant. */
export function begin({ board, settings: { classes }, say }) {
  const canvas = make('canvas', { role: 'img' });
  const caption = make('figcaption', {});
  const sliders = Object.entries(START).map(([name, value]) => slider(name, { min: '0', max: '255', value }));
  board.append(...sliders.map(({ bar }) => bar));
  board.append(make('figure', {}, caption, canvas));
  const show = () => {
    const colour = sliders.map(({ input }) => input.valueAsNumber);
    const score = (/** @type {string} */ name) =>
      [...colour, 1].reduce((sum, value, i) => sum + value * classes[name][i], 0);
    const name = Object.keys(classes).reduce((best, one) => (score(one) > score(best) ? one : best));
    draw(canvas, {
      rgb: new Uint8ClampedArray(3 * SIDE * SIDE).map((_, i) => colour[i % 3]),
      width: SIDE,
      height: SIDE,
    });
    canvas.ariaLabel = caption.textContent = name;
    say(`${colour.join(', ')}: ${name}.`);
  };
  for (const { input } of sliders) input.oninput = show;
  show();
}
