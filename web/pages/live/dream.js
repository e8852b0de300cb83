// Lesson 12: a dream as it grows, made by the reader's own browser, in the lab's way.
import { dreaming, noise } from '../../lab/dream.js';
import { along, every } from './along.js';

const CHANCE = Math.random;
const SHOWN = [...every(36, 4), ...every(60, 6).map((step) => 40 + step)]; // among them the lesson's
const STEPS = { steps: 100, chance: CHANCE, shown: (/** @type {number} */ step) => SHOWN.includes(step) };

/** @param {import('./live.js').Figure} figure */
export const begin = (figure) =>
  along(figure, {
    question: 'Dream of a',
    classes: ['paper towel', 'bison', 'castle', 'volcano', 'teapot', 'peacock'],
    values: SHOWN,
    walk: (model, target) => {
      const slope = new Float32Array(model.row.classes).fill(1, target, target + 1);
      return dreaming(model, { slope }, noise(CHANCE), STEPS);
    },
    note: 'Each dream starts from new random noise.',
  });
