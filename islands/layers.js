// A photograph on its way through a network: what a layer's channels make of it, and one of them enlarged.
import { controls, draw, make, slider } from './parts/elements.js';
import { figure, latest } from './parts/figure.js';
import { photographs } from './parts/photographs.js';
import { pixels, SIDE } from './parts/picture.js';
import { top } from './parts/words.js';

/** @import { Ask } from './parts/figure.js' */

const ACROSS = 8; // tiles
const TILE = 112; // pixels
const LIT = 0.85; // the share of the photograph's light that goes where a channel is 0

/** channels: the numbers of those that are shown. sheet: the address of what they make of the first picture, one below
 * the other. most: the largest value in each of these, which is white.
 * @typedef {{name: string, title: string, channels: number[], sheet: string, most: number[]}} Layer */

/**
 * @param {HTMLElement} el
 * @param {object} state
 * @param {string} state.network
 * @param {[string, string][]} state.pictures Names and addresses.
 * @param {string} state.says What the network says of the first.
 * @param {Layer[]} state.layers
 * @param {Ask} ask
 */
export async function mount(el, { network: name, pictures, says, layers }, ask) {
  const again = () => look().catch(fail);
  const which = await photographs(pictures, again, (error) => fail(error));
  const { board, say, fail, wait } = figure(el);
  const [last, most] = [layers.length - 1, layers[0].channels.length];
  const depth = slider('Depth', { max: `${last}`, value: '0' }, again, (i) => layers[i].title);
  const tiles = { min: '1', max: `${most}`, value: '1' };
  const tile = slider(
    'Tile',
    tiles,
    () => show(),
    (i) => `${i} of ${most}`,
  );
  const [photo, big, grid] = ['', '', 'channels'].map((className) => make('canvas', { role: 'img', className }));
  const captions = [photo, big].map(() => make('figcaption', {}));
  const stage = [photo, big].map((one, i) => make('figure', {}, captions[i], one));
  const bars = [which, depth, tile].map(({ bar }) => controls(...bar));
  board.append(...bars, make('div', { className: 'beside' }, ...stage), grid);
  let [rgb, layer, side] = [which.rgb(), layers[0], 0];
  const sheet = make('canvas', {}); // the layer's channels, one below the other
  const stored = rgb;
  const answers = new Map([[stored, says]]);

  const look = latest(async () => {
    const [asked, at] = [which.rgb(), layers[depth.input.valueAsNumber]];
    let channels = asked === stored && (await pixels(at.sheet));
    if (!channels) {
      const network = await ask(name, wait);
      if (!answers.has(asked)) answers.set(asked, top(network.labels, await network.predict(asked))[0].words);
      channels = greys(await network.activations(asked, at.name), at);
    }
    draw(sheet, channels);
    [rgb, layer, side] = [asked, at, channels.width];
    show();
  });
  const show = () => {
    const chosen = tile.input.valueAsNumber - 1;
    /** @type {(canvas: HTMLCanvasElement, i: number, x: number, y: number, size: number, look?: object) => void} */
    const put = (canvas, i, x, y, size, look) => {
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
      Object.assign(pen, { imageSmoothingEnabled: false }, look);
      pen.drawImage(sheet, 0, i * side, side, side, x, y, size, size);
      if (canvas !== grid || i !== chosen) return;
      Object.assign(pen, { strokeStyle: '#ff9a52', lineWidth: 6 }).strokeRect(x + 3, y + 3, size - 6, size - 6);
    };
    for (const canvas of [photo, big]) draw(canvas, { rgb, width: SIDE, height: SIDE }, 1.5);
    put(photo, chosen, 0, 0, SIDE, { globalCompositeOperation: 'multiply', globalAlpha: LIT });
    put(big, chosen, 0, 0, SIDE);
    Object.assign(grid, { width: ACROSS * TILE, height: Math.ceil(most / ACROSS) * TILE });
    for (let i = 0; i < most; i++) put(grid, i, (i % ACROSS) * TILE, Math.floor(i / ACROSS) * TILE, TILE);
    const [words, title] = [answers.get(rgb), `${layer.title}, channel ${layer.channels[chosen]}`];
    captions[0].textContent = `${words}\nlit by the channel`;
    captions[1].textContent = `${title}\n${side} × ${side} values`;
    photo.ariaLabel = `The photograph (${words}), dark where ${title} is 0.`;
    big.ariaLabel = `${title}: ${side} × ${side} values, black at 0.`;
    grid.ariaLabel = `${most} channels of ${layer.title}; number ${chosen + 1} is framed.`;
  };
  grid.onpointermove = grid.onpointerdown = ({ clientX, clientY }) => {
    const { left, top: above, width } = grid.getBoundingClientRect();
    const [column, row] = [clientX - left, clientY - above].map((n) => Math.max(0, Math.floor((n * ACROSS) / width)));
    tile.input.value = `${1 + row * ACROSS + Math.min(column, ACROSS - 1)}`;
    tile.input.dispatchEvent(new Event('input'));
  };
  say(`Point at a channel. Black is 0; white is the most that it gives for the ${pictures[0][0]}.`);
  await again();
}

/**
 * Some of a layer's channels, one below the other, in grey.
 * @type {(layer: {values: Float32Array, shape: number[]}, look: Layer) => import('./parts/picture.js').Picture}
 */
function greys({ values, shape: [height, width, all] }, { channels, most }) {
  const rgb = new Uint8ClampedArray(3 * channels.length * height * width).map((_, i) => {
    const [pixel, c] = [Math.floor(i / 3) % (height * width), Math.floor(i / 3 / height / width)];
    return (255 * values[pixel * all + channels[c]]) / most[c];
  });
  return { rgb, width, height: channels.length * height };
}
