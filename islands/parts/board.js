// A canvas with something round on it that moves: dragged by mouse or finger, or moved by the arrow keys.
import { SIDE } from './picture.js';

const STEP = 4; // pixels of the picture for each press of a key; with Shift, one
/** @type {Record<string, number[]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Where the thing is, and who is told when it moves. */
export class Board {
  at = [SIDE / 2, SIDE / 2]; // row and column of its centre, in pixels of the picture

  /**
   * @param {HTMLElement} element As large as the picture.
   * @param {() => number} size The thing's diameter, in pixels of the picture.
   * @param {(held: boolean) => void} moved Told after each move, and when it is let go.
   */
  constructor(element, size, moved) {
    /** @type {number[] | null} */
    let grip = null; // from the centre to the pointer, while it is held
    /** @type {(place: number[]) => void} */
    const move = (place) => {
      this.at = place.map((n) => Math.round(Math.max(0, Math.min(SIDE, n))));
      moved(Boolean(grip));
    };
    /** @type {(event: PointerEvent) => void} */
    const drag = ({ clientX, clientY }) => {
      const { top, left, width } = element.getBoundingClientRect();
      const pointer = [clientY - top, clientX - left].map((length) => (length * SIDE) / width);
      const off = pointer.map((n, i) => n - this.at[i]);
      const held = grip ?? (Math.hypot(...off) <= size() / 2 ? off : [0, 0]);
      grip = held;
      move(pointer.map((n, i) => n - held[i]));
    };
    element.onpointerdown = (event) => {
      if (event.button || !event.isPrimary) return; // a right-click moves nothing
      element.setPointerCapture(event.pointerId);
      drag(event);
    };
    element.onpointermove = (event) => grip && event.isPrimary && drag(event);
    element.onlostpointercapture = () => {
      grip = null;
      moved(false);
    };
    element.oncontextmenu = (event) => grip && event.preventDefault(); // a finger that rests
    element.onkeydown = (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || grip) return;
      event.preventDefault(); // the page stays where it is
      move(arrow.map((n, i) => this.at[i] + n * (event.shiftKey ? 1 : STEP)));
    };
  }
}
