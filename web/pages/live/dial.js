// A slider along the steps of a walk: one that is stored, until the reader chooses another, which the browser then takes.
import { chart } from '../../../islands/parts/chart.js';
import { make, STILL, slider } from '../../../islands/parts/elements.js';
import { stored } from './tools.js';

/** @import { Figure } from './live.js' */

/**
 * A place of the slider: the pictures' addresses, what is said of each, and a probability for each curve by its name.
 * @typedef {{pictures: string[], captions: string[], heights: Record<string, number>}} Place
 */

/** @type {(name: string) => Promise<Place[]>} What starts.py has stored of a walk. */
export async function walked(name) {
  const places = await (await fetch(stored(name, 'json'))).json();
  return places.map((/** @type {any} */ { files, ...place }) => ({
    ...place,
    pictures: files.map((/** @type {string} */ file) => stored(file)),
  }));
}

/**
 * @param {Pick<Figure, 'board' | 'say'>} figure
 * @param {object} options
 * @param {{select: HTMLSelectElement, label: HTMLElement}[]} options.choices Which walk it is.
 * @param {Place[]} options.places Of the stored walk.
 * @param {number} options.every How many steps lie between two places.
 * @param {number[]} options.sizes The pictures' widths.
 * @param {() => AsyncGenerator<Place>} options.walk Goes through all places; the slider goes along until the reader
 *   moves it.
 */
export function dial({ board, say }, { choices, places, every, sizes, walk }) {
  const last = places.length - 1;
  const { input, output, bar } = slider('step', { max: String(last), value: String(last) });
  const images = sizes.map((width) => make('img', { width, height: width, alt: '' }));
  const captions = images.map(() => make('figcaption', {}));
  const panels = images.map((image, i) => make('figure', {}, captions[i], image));
  const save = make('a', {});
  const main = sizes.lastIndexOf(sizes[0]); // the last of the large pictures is the one to save
  const ticks = places.map((_, i) => i * every).filter((_, i) => i % 5 === 0);
  const axis = chart({ label: 'step', low: 0, high: last * every, ticks });
  const beside = make('div', { className: 'beside' }, ...panels, make('div', { className: 'chart' }, axis.svg));
  board.append(
    make('div', { className: 'scrub' }, ...choices.map(({ label }) => label)),
    bar,
    beside,
    make('p', { className: 'moves' }, save),
  );
  let [moved, asked] = [false, places]; // asked: the places of the walk that is wanted
  const picked = () => choices.map(({ select }) => select.value);
  let picks = picked();

  const show = () => {
    const step = input.valueAsNumber * every;
    const at = Math.min(input.valueAsNumber, places.length - 1); // until the walk has come here
    output.textContent = at * every === step ? `${step}` : `${step} …`;
    const curves = Object.keys(places[at].heights).map((name) => ({
      name,
      points: places.map(({ heights }, n) => /** @type {[number, number]} */ ([n * every, heights[name]])),
    }));
    input.ariaValueText = axis.draw(curves, step);
    captions.forEach((caption, i) => {
      caption.textContent = places[at].captions[i];
      images[i].src = places[at].pictures[i];
    });
    const textContent = `Save this picture: ${places[at].captions[main].split('\n')[0]}`;
    Object.assign(save, { textContent, href: images[main].src, download: `step-${at * every}.png` });
  };
  const again = async () => {
    /** @type {Place[]} */
    const mine = [];
    [asked, moved, beside.ariaBusy] = [mine, false, 'true']; // the last walk stays until this one begins
    try {
      for await (const place of walk()) {
        if (mine !== asked) return; // the reader has chosen another
        mine.push(place);
        if (!moved && STILL.matches && mine.length > 1 && mine.length <= last) continue;
        if (!moved) input.value = String(mine.length - 1);
        [places, picks, beside.ariaBusy] = [mine, picked(), 'false'];
        show();
      }
    } catch (error) {
      if (mine !== asked) return;
      say(/** @type {Error} */ (error).message);
      beside.ariaBusy = 'false';
      for (const [i, { select }] of choices.entries()) select.value = picks[i]; // those of the walk that is seen
    }
  };
  input.oninput = () => {
    moved = true;
    show();
  };
  for (const { select } of choices) select.onchange = again;
  show();
}
