// How we count: a hundred experiments whose true share is known, and how many of their 95% intervals hold it.
import { seeded } from '../../lab/random.js';
import { make, slider } from './live.js';

/** @import { Figure } from './live.js' */

const [WIDE, HIGH] = [400, 160];
const [HOLDS, MISSES] = ['#0072b2', '#d55e00'];
const Z = 1.96; // standard deviations, for 95%
const SLIDERS = {
  truth: { min: '0.05', max: '0.95', step: '0.05', value: '0.5' },
  photographs: { min: '10', max: '300', step: '10', value: '30' },
  again: { min: '0', max: '20', step: '1', value: '0' },
};

/** @param {Figure} figure Its words are the counts of the lesson's own hundred experiments, with which the sliders begin. */
export function begin({ board, words, say }) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDE} ${HIGH}`);
  svg.setAttribute('role', 'img');
  const sliders = Object.entries(SLIDERS).map(([name, properties]) => slider(name, properties));
  board.append(...sliders.map(({ bar }) => bar), make('div', { className: 'chart' }, svg));
  const draw = () => {
    const [p, n, seed] = sliders.map(({ input }) => input.valueAsNumber);
    for (const { input, output } of sliders) output.textContent = input.value;
    const chance = seeded(seed);
    const own = p === 0.5 && n === 30 && seed === 0;
    const counts = words.map((word) =>
      own ? Number(word) : Array.from({ length: n }, chance).filter((x) => x < p).length,
    );
    const intervals = counts.map((k) => wilson(k, n));
    const held = intervals.filter(([low, high]) => low <= p && p <= high).length;
    const up = (/** @type {number} */ share) => (HIGH * (1 - share)).toFixed(1);
    const lines = intervals.map(([low, high], i) => {
      const [colour, wide] = low <= p && p <= high ? [HOLDS, 1.5] : [MISSES, 3];
      return `<path d="M${4 * i + 2} ${up(low)}V${up(high)}" stroke="${colour}" stroke-width="${wide}"/>`;
    });
    svg.innerHTML = `${lines.join('')}<path d="M0 ${up(p)}H${WIDE}" stroke="#000"/>`;
    const told = `${held} of ${counts.length} intervals contain the truth, ${Math.round(100 * p)}%.`;
    svg.ariaLabel = told;
    say(`${told} Each experiment counts ${n} photographs. The black line is the truth, and what misses it is orange.`);
  };
  for (const { input } of sliders) input.oninput = draw;
  draw();
}

/**
 * Wilson's 95% interval for k of n.
 * @param {number} k
 * @param {number} n
 */
function wilson(k, n) {
  const middle = (k + Z ** 2 / 2) / (n + Z ** 2);
  const half = (Z * Math.sqrt((k * (n - k)) / n + Z ** 2 / 4)) / (n + Z ** 2);
  return [middle - half, middle + half];
}
