// A photograph on its way through a network: what a layer's channels make of it, and one of them enlarged.
import { controls, draw, make, REDUCED_MOTION, slider } from './parts/elements.js';
import { figure, latest } from './parts/figure.js';
import { photographs } from './parts/photographs.js';
import { pixels, SIDE, square } from './parts/picture.js';
import { top } from './parts/words.js';

/** @import { Activations, Ask } from './parts/figure.js' */
/** @import { Picture } from './parts/picture.js' */

const FADE = 200; // milliseconds, from layer to layer
const [ACROSS, TILE] = [8, 112]; // tiles in a row, and their side in pixels

/** channels: the numbers of those that are shown. most: the largest value of each, which is white. sheet: the address
 * of what they make of the first picture, one below the other.
 * @typedef {{name: string, title: string, channels: number[], most: number[], sheet: string}} Layer */

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
  const count = layers[0].channels.length;
  const depth = slider('Depth', { max: `${layers.length - 1}`, value: '0' }, again, (i) => layers[i].title);
  const tile = slider('Tile', { min: '1', max: `${count}`, value: '1' }, () => show());
  const [photo, big, grid] = ['', '', 'channels'].map((className) => make('canvas', { role: 'img', className }));
  const captions = [photo, big].map(() => make('figcaption', {}));
  const stage = [photo, big].map((one, i) => make('figure', {}, captions[i], one));
  board.append(...[which, depth, tile].map(({ bar }) => controls(...bar)));
  board.append(make('div', { className: 'beside' }, ...stage), grid);
  const sheet = make('canvas', {}); // the layer's channels, one below the other
  let [rgb, layer, side] = [which.rgb(), layers[0], 0];
  const [stored, answers] = [rgb, new Map([[rgb, says]])];

  const look = latest(async () => {
    const [asked, at] = [which.rgb(), layers[depth.input.valueAsNumber]];
    let channels = asked === stored && (await pixels(at.sheet));
    if (!channels) {
      const network = await ask(name, wait);
      if (!answers.has(asked)) answers.set(asked, top(network.labels, await network.predict(asked))[0].words);
      channels = greys(await network.activations(asked, at.name), at);
    }
    draw(sheet, channels);
    if (at !== layer && !REDUCED_MOTION.matches)
      for (const canvas of [photo, big, grid]) canvas.animate({ opacity: [0.4, 1] }, FADE);
    [rgb, layer, side] = [asked, at, channels.width];
    show();
  });
  /** @type {(canvas: HTMLCanvasElement, i: number, place: number[], look?: object) => CanvasRenderingContext2D} */
  const put = (canvas, i, [x, y, size], look) => {
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    Object.assign(pen, { imageSmoothingEnabled: false }, look);
    pen.drawImage(sheet, 0, i * side, side, side, x, y, size, size);
    return pen;
  };
  const show = () => {
    const chosen = tile.input.valueAsNumber - 1;
    for (const canvas of [photo, big]) draw(canvas, square(rgb), 1.5);
    put(photo, chosen, [0, 0, SIDE], { globalCompositeOperation: 'multiply', globalAlpha: 0.85 }); // lit
    put(big, chosen, [0, 0, SIDE]);
    Object.assign(grid, { width: ACROSS * TILE, height: Math.ceil(count / ACROSS) * TILE });
    for (let i = 0; i < count; i++) {
      const [x, y] = [(i % ACROSS) * TILE, Math.floor(i / ACROSS) * TILE];
      const pen = put(grid, i, [x, y, TILE], { strokeStyle: '#ff9a52', lineWidth: 6 });
      if (i === chosen) pen.strokeRect(x + 3, y + 3, TILE - 6, TILE - 6);
    }
    const title = `${layer.title}, channel ${layer.channels[chosen]}`;
    captions[0].textContent = `${answers.get(rgb)}\nlit by the channel`;
    captions[1].textContent = `${title}\n${side} × ${side} values`;
    photo.ariaLabel = `The photograph (${answers.get(rgb)}), dark where ${title} is 0.`;
    big.ariaLabel = `${title}: ${side} × ${side} values, black at 0.`;
    grid.ariaLabel = `${count} channels of ${layer.title}; number ${chosen + 1} is framed.`;
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

/** @type {(activations: Activations, look: Layer) => Picture} */
function greys({ values, shape: [height, width, all] }, { channels, most }) {
  const rgb = new Uint8ClampedArray(3 * channels.length * height * width).map((_, i) => {
    const [pixel, c] = [Math.floor(i / 3) % (height * width), Math.floor(i / 3 / height / width)];
    return (255 * values[pixel * all + channels[c]]) / most[c];
  });
  return { rgb, width, height: channels.length * height };
}
