// Lesson 4: five pixels, whose weighted sum goes through the sigmoid.
import { chart } from '../../../islands/parts/chart.js';
import { make, slider } from '../../../islands/parts/elements.js';

/** @import { Figure } from './live.js' */

const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

const EDGE = 8; // of the chart

/** @param {Figure} figure Its settings are each pixel's value and weight. */
export function begin({ board, settings: { pixels }, say }) {
  const curve = chart({ label: 'score', low: -EDGE, high: EDGE, ticks: [-EDGE, 0, EDGE] });
  const sliders = Object.entries(pixels).map(([name, [value, weight]]) => {
    const { bar, ...parts } = slider(name, { max: '255', value });
    board.append(bar);
    return { ...parts, weight };
  });
  board.append(make('div', { className: 'chart' }, curve.svg));
  const draw = () => {
    const score = sliders.reduce((sum, { input, weight }) => sum + weight * input.valueAsNumber, 0);
    for (const { input, output } of sliders) output.textContent = input.value;
    const far = Math.abs(score) / EDGE;
    const inside = Array.from({ length: 201 }, (_, i) => (EDGE * (i - 100)) / 100).concat(far <= 1 ? score : []);
    const points = inside.sort((a, b) => a - b).map((z) => /** @type {[number, number]} */ ([z, sigmoid(z)]));
    curve.draw([{ name: 'probability', points }], score);
    const where = far <= 1 ? '' : ` (${far.toFixed(0)} times as far as the edge)`;
    say(`The score is ${score}${where}, and the probability ${(100 * sigmoid(score)).toFixed(4)}%.`);
  };
  for (const { input } of sliders) input.oninput = draw;
  draw();
}
