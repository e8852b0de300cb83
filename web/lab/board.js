// A canvas with something round on it that moves: dragged by mouse or finger, or moved by the arrow keys.
import { SIDE } from './picture.js';

const STEP = 4; // pixels of the picture for each press of a key; with Shift, one
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Where the thing is, and who is told when it moves. */
export class Board {
  /** @type {[number, number]} */
  at = [SIDE / 2, SIDE / 2]; // row and column of its centre, in pixels of the picture
  /** @type {[number, number] | null} */
  #grip = null; // from the centre to the pointer, while it is held

  /**
   * @param {HTMLElement} element As large as the picture.
   * @param {() => number} size The thing's diameter, in pixels of the picture.
   * @param {(held: boolean) => void} moved Told after each move, and when it is let go.
   */
  constructor(element, size, moved) {
    this.element = element;
    this.size = size;
    this.moved = moved;
    element.onpointerdown = (event) => {
      if (event.button || !event.isPrimary) return; // a right-click moves nothing
      element.setPointerCapture(event.pointerId);
      this.#drag(event);
    };
    element.onpointermove = (event) => this.#grip && event.isPrimary && this.#drag(event);
    element.onlostpointercapture = () => {
      this.#grip = null;
      this.moved(false);
    };
    element.oncontextmenu = (event) => this.#grip && event.preventDefault(); // a finger that rests
    element.onkeydown = (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || this.#grip) return;
      event.preventDefault(); // the page stays where it is
      const step = event.shiftKey ? 1 : STEP;
      this.#move(this.at[0] + step * arrow[0], this.at[1] + step * arrow[1]);
      this.moved(false);
    };
  }

  /** @param {PointerEvent} event */
  #drag({ clientX, clientY }) {
    const { top, left, width } = this.element.getBoundingClientRect();
    const [row, column] = [clientY - top, clientX - left].map((length) => (length * SIDE) / width);
    const [y, x] = this.at;
    this.#grip ??= Math.hypot(row - y, column - x) <= this.size() / 2 ? [row - y, column - x] : [0, 0];
    this.#move(row - this.#grip[0], column - this.#grip[1]);
    this.moved(true);
  }

  /** @type {(row: number, column: number) => void} */
  #move(row, column) {
    const inside = (/** @type {number} */ n) => Math.round(Math.max(0, Math.min(SIDE, n)));
    this.at = [inside(row), inside(column)];
  }
}
