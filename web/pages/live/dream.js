// Lesson 12: a dream as it grows, made by the reader's own browser, in the lab's way.
import { dreaming, noise } from '../../lab/dream.js';
import { along } from './along.js';

/** @param {import('./live.js').Figure} figure */
export const begin = (figure) =>
  along(figure, {
    question: 'Dream of a',
    classes: ['paper towel', 'bison', 'castle', 'volcano', 'teapot', 'peacock'],
    steps: 100,
    every: 4, // as `dreaming` shows them
    walk: (googlenet, target) => {
      const slope = new Float32Array(googlenet.row.classes).fill(1, target, target + 1);
      return dreaming(googlenet, { slope }, noise(), 100);
    },
    note: 'Each dream starts from new random noise. A step takes about half a second, or more on a phone.',
  });
