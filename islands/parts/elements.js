// What figures are made of: elements, choices, sliders and pictures.
import { imageOf } from './picture.js';

/** @import { Picture } from './picture.js' */

/** For readers who want nothing to move by itself. */
export const REDUCED_MOTION = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * An element with properties and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {object} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/** @type {(file: string) => Promise<unknown>} A style sheet of islands/, unless the page has it already. */
export async function addStyle(file) {
  const href = new URL(`../${file}`, import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href?.endsWith(`/${file}`))) return;
  await new Promise((resolve) => {
    document.head.append(make('link', { rel: 'stylesheet', href, onload: resolve, onerror: resolve }));
  });
}

/**
 * A choice among words; its value is the number of the one chosen.
 * @type {(name: string, words: string[]) => {select: HTMLSelectElement, label: HTMLLabelElement}}
 */
export function choice(name, words) {
  const select = make('select', {}, ...words.map((word, i) => new Option(word, String(i))));
  return { select, label: make('label', {}, `${name} `, select) };
}

/**
 * A slider behind its name, and its value in words.
 * @param {string} name
 * @param {object} properties
 * @param {(value: number) => void} moved
 * @param {(value: number) => string} words
 */
export function slider(name, properties, moved, words = String) {
  const input = make('input', { type: 'range', ...properties });
  const output = make('output', { ariaLive: 'off' }); // a slider tells its value itself
  const tell = () => {
    output.textContent = input.ariaValueText = words(input.valueAsNumber);
  };
  input.oninput = () => {
    tell();
    moved(input.valueAsNumber);
  };
  tell();
  return { input, output, bar: [make('label', {}, `${name} `, input), output] };
}

/** @type {(...children: (Node | string)[]) => HTMLElement} Controls beside one another. */
export const controls = (...children) => make('div', { className: 'scrub' }, ...children);

/**
 * Draw a picture, each pixel as a square of `enlarge` pixels.
 * @type {(canvas: HTMLCanvasElement, picture: Picture, enlarge?: number) => void}
 */
export function draw(canvas, { rgb, width, height }, enlarge = 1) {
  Object.assign(canvas, { width, height });
  canvas.style.width = `${width * enlarge}px`;
  canvas.getContext('2d')?.putImageData(imageOf(rgb, width, height), 0, 0);
}
