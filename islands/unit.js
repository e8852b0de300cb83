// One unit slides over a photograph. At each place it multiplies, adds up and cuts off; its results make a channel.
import { Board } from './parts/board.js';
import { controls, draw, make, REDUCED_MOTION } from './parts/elements.js';
import { figure } from './parts/figure.js';
import { pixels, SIDE } from './parts/picture.js';

const FRAMES = 500; // of a slide
const UNSEEN = 225; // the grey of a channel where the unit has not been
const SLIDE = 'Slide it over the photograph';

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {string} state.picture Its address.
 * @param {number[]} state.weights Height x width x RGB.
 * @param {number[]} state.mean What is subtracted from red, green and blue first.
 * @param {number} state.bias
 * @param {number} state.stride Pixels from one place to the next.
 * @param {number[]} state.at The row and column of its centre at first, in pixels.
 */
export async function mount(el, { picture, weights, mean, bias, stride, at }) {
  const { rgb } = await pixels(picture);
  const { board, say } = figure(el);
  const [size, side] = [Math.sqrt(weights.length / 3), SIDE / stride]; // of the unit's window, and of the channel
  const corner = (/** @type {number} */ n) => n * stride - (size - 1) / 2;
  /** What the unit sees from a place: outside the photograph, the mean. @type {(place: number) => number[]} */
  const patch = (place) =>
    weights.map((_, i) => {
      const y = corner(Math.floor(place / side)) + Math.floor(i / 3 / size);
      const x = corner(place % side) + (Math.floor(i / 3) % size);
      return Math.min(y, x) < 0 || Math.max(y, x) >= SIDE ? mean[i % 3] : rgb[3 * (y * SIDE + x) + (i % 3)];
    });
  const sums = Float32Array.from({ length: side ** 2 }, (_, place) =>
    patch(place).reduce((sum, value, i) => sum + weights[i] * (value - mean[i % 3]), bias),
  );
  const [most, largest] = [Math.max(...sums), Math.max(...weights.map(Math.abs))];
  const channel = new Uint8ClampedArray(3 * sums.length).fill(UNSEEN);
  const [photo, made, sees, scale] = ['the photograph', 'the channel', 'the unit sees', 'its weights'].map(
    (ariaLabel) => make('canvas', { role: 'img', ariaLabel }),
  );
  const panels = [photo, made, sees, scale].map((one) =>
    make('figure', {}, make('figcaption', {}, `${one.ariaLabel}`), one),
  );
  Object.assign(photo, { tabIndex: 0, role: 'application', className: 'moved' });
  photo.ariaLabel = 'The photograph. The arrow keys move the unit.';
  const slide = make('button', { type: 'button' }, SLIDE);
  board.append(controls(slide), make('div', { className: 'beside' }, ...panels));
  const square = (/** @type {number[]} */ values) => ({
    rgb: Uint8ClampedArray.from(values),
    width: size,
    height: size,
  });
  draw(scale, square(weights.map((weight) => 128 + (127 * weight) / largest)), 24);

  let here = 0;
  /** The unit does its sums at these places, and stays at the last. */
  const visit = (/** @type {number[]} */ places) => {
    for (here of places) channel.fill((255 * sums[here]) / most, 3 * here, 3 * here + 3);
    draw(photo, { rgb, width: SIDE, height: SIDE }, 1.5);
    const [x, y] = [corner(here % side) - 1.5, corner(Math.floor(here / side)) - 1.5];
    const pen = photo.getContext('2d');
    if (pen) Object.assign(pen, { strokeStyle: '#d55e00', lineWidth: 3 }).strokeRect(x, y, size + 3, size + 3);
    draw(made, { rgb: channel, width: side, height: side }, 3);
    draw(sees, square(patch(here)), 24);
  };
  const tell = () => {
    const [sum, result] = [sums[here], Math.max(sums[here], 0)].map((n) => n.toFixed(0).replace('-', '−'));
    say(`Times the weights, and added up: ${sum}. The unit gives ${result}.`);
  };
  let sliding = false;
  slide.onclick = async () => {
    sliding = !sliding;
    slide.textContent = sliding ? 'Stop' : SLIDE;
    for (let frame = 1, done = 0; sliding && done < sums.length; frame++) {
      await new Promise(requestAnimationFrame);
      const share = REDUCED_MOTION.matches ? 1 : Math.min(frame / FRAMES, 1) ** 3; // slowly at first
      const next = Math.ceil(share * sums.length);
      visit(Array.from({ length: next - done }, (_, i) => done + i));
      done = next;
    }
    sliding = false;
    slide.textContent = SLIDE;
    tell();
  };
  const moved = (held = false) => {
    sliding = false;
    const [row, column] = thing.at.map((n) => Math.max(1, Math.min(Math.round(n / stride), side - 2)));
    visit([-1, 1, 0].flatMap((down) => [-1, 1, 0].map((along) => (row + down) * side + column + along)));
    if (!held) tell();
  };
  const thing = new Board(photo, () => size, moved);
  thing.at = at;
  moved();
}
