// Lessons 4 and 5: sliders whose weighted sum goes through the sigmoid.
import { chart } from './chart.js';
import { make, slider } from './live.js';

/** @import { Figure } from './live.js' */

const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/**
 * @param {Figure} figure Its words are the axis, "score 8" for one from -8 to 8, and each slider: its name, lowest and
 *   highest place, step, start and weight.
 */
export function begin({ board, words: [axis, ...rows], say }) {
  const [name, edge] = axis.split(' ');
  const high = Number(edge);
  const curve = chart({ label: name, low: -high, high, ticks: [-high, 0, high] });
  const sliders = rows.map((row) => {
    const [name, min, max, step, value, weight] = row.split(' ');
    const { bar, ...parts } = slider(name, { min, max, step, value });
    board.append(bar);
    return { ...parts, weight: Number(weight) };
  });
  board.append(make('div', { className: 'chart' }, curve.svg));
  const draw = () => {
    const score = sliders.reduce((sum, { input, weight }) => sum + weight * input.valueAsNumber, 0);
    for (const { input, output } of sliders) output.textContent = input.value;
    const inside = Array.from({ length: 201 }, (_, i) => (high * (i - 100)) / 100).concat(
      Math.abs(score) <= high ? score : [],
    );
    const points = inside.sort((a, b) => a - b).map((z) => /** @type {[number, number]} */ ([z, sigmoid(z)]));
    curve.draw([{ name: 'probability', points }], score);
    const where = Math.abs(score) <= high ? '' : ` (${(Math.abs(score) / high).toFixed(0)} times as far as the edge)`;
    say(
      `The ${name} is ${Number(score.toFixed(1))}${where}, and the probability ${(100 * sigmoid(score)).toFixed(4)}%.`,
    );
  };
  for (const { input } of sliders) input.oninput = draw;
  draw();
}
