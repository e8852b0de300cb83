// A small chart of probabilities, on white paper like the stored ones: some curves, and a dot where the reader is.
import { percent } from './words.js';

/** @typedef {{name: string, points: [number, number][]}} Curve Points from left to right; y is a probability. */

const [WIDE, LEFT, RIGHT, TOP, BELOW] = [360, 44, 350, 44, 38];
const COLOURS = ['#d55e00', '#0072b2']; // Okabe and Ito's
const DASHES = ['', '6 4'];

/**
 * @param {{label: string, low: number, high: number, ticks: number[], tall?: number}} axis What is to the right; how tall it is.
 */
export function chart({ label, low, high, ticks, tall = 240 }) {
  const bottom = tall - BELOW;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDE} ${tall}`);
  svg.setAttribute('role', 'img');
  const inside = (/** @type {number} */ x) => Math.min(Math.max(x, low), high);
  const across = (/** @type {number} */ x) => (LEFT + ((RIGHT - LEFT) * (inside(x) - low)) / (high - low)).toFixed(1);
  const up = (/** @type {number} */ y) => (bottom - (bottom - TOP) * y).toFixed(1);
  const levels = [0, 0.5, 1].map(
    (y) =>
      `<path d="M${LEFT} ${up(y)}H${RIGHT}" stroke="#ddd"/>` +
      `<text x="${LEFT - 6}" y="${Number(up(y)) + 4}" text-anchor="end">${100 * y}%</text>`,
  );
  const marks = ticks.map((x) => `<text x="${across(x)}" y="${bottom + 17}" text-anchor="middle">${x}</text>`);
  const title = `<text x="${(LEFT + RIGHT) / 2}" y="${tall - 4}" text-anchor="middle">${label}</text>`;

  /** @type {(curve: Curve, order: number) => string} */
  const line = ({ points }, order) => {
    const way = points.map(([x, y], i) => `${i ? 'L' : 'M'}${across(x)} ${up(y)}`).join('');
    const style = `fill="none" stroke="${COLOURS[order]}" stroke-width="2" stroke-dasharray="${DASHES[order]}"`;
    const at = 14 + 17 * order;
    const legend = `<path d="M${LEFT} ${at - 4}h22" ${style}/><text class="name" x="${LEFT + 27}" y="${at}"></text>`;
    return `<path d="${way}" ${style}/>${legend}`;
  };
  /**
   * @param {Curve[]} curves
   * @param {number} at Where the reader is; a curve that has a point there gets a dot, or an arrow that leaves the chart.
   */
  const draw = (curves, at) => {
    const here = curves.flatMap(({ name, points }, order) =>
      points.filter(([x]) => x === at).map(([, y]) => ({ name, y, colour: COLOURS[order] })),
    );
    const shape = at === inside(at) ? 'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0' : `M${at < low ? '-9' : '9'} 0L0-6V6z`;
    const dots = here.map(
      ({ y, colour }) =>
        `<path d="${shape}" transform="translate(${across(at)} ${up(y)})" fill="${colour}" stroke="#fff"/>`,
    );
    svg.innerHTML = [...levels, ...marks, title, ...curves.map(line), ...dots].join('');
    for (const [i, text] of svg.querySelectorAll('.name').entries()) text.textContent = curves[i].name; // never HTML
    const said = here.map(({ name, y }) => `${name} ${percent(y)}`);
    const words = `At ${label} ${at}: ${said.join(', ') || 'not yet known'}.`;
    svg.setAttribute('aria-label', `A chart of probabilities. ${words}`);
    return words;
  };
  return { svg, draw };
}
