// Five pixels, whose weighted sum goes through the sigmoid.
import { chart } from './parts/chart.js';
import { controls, make, slider } from './parts/elements.js';
import { figure } from './parts/figure.js';

const EDGE = 8; // of the chart

const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {[string, number, number][]} state.pixels Each one's name, its value at first (0..255) and its weight.
 */
export function mount(el, { pixels }) {
  const { board, say } = figure(el);
  const curve = chart({ label: 'score', low: -EDGE, high: EDGE, ticks: [-EDGE, 0, EDGE] });
  const sliders = pixels.map(([name, value]) => slider(name, { max: '255', value }, () => draw()));
  board.append(...sliders.map(({ bar }) => controls(...bar)), make('div', { className: 'chart' }, curve.svg));
  const draw = () => {
    const score = sliders.reduce((sum, { input }, i) => sum + pixels[i][2] * input.valueAsNumber, 0);
    const far = Math.abs(score) / EDGE;
    const along = [...Array.from({ length: 201 }, (_, i) => (EDGE * (i - 100)) / 100), score].sort((a, b) => a - b);
    curve.draw([{ name: 'probability', points: along.map((z) => [z, sigmoid(z)]) }], score);
    const where = far <= 1 ? '' : ` (${far.toFixed(0)} times as far as the edge)`;
    say(`The score is ${score}${where}, and the probability ${(100 * sigmoid(score)).toFixed(4)}%.`);
  };
  draw();
}
