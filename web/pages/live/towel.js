// Lesson 2: a blank square becomes a paper towel, or something else, by changes of at most 1 out of 255.
import { trick } from '../../lab/attack.js';
import { along, every } from './along.js';

/** @param {import('./live.js').Figure} figure What it stores begins with the mean grey. */
export function begin(figure) {
  const [{ rgb: nothing }] = figure.stored.get(0) ?? [];
  const magnified = (/** @type {Uint8ClampedArray} */ rgb) => rgb.map((value, i) => 128 + 127 * (value - nothing[i]));
  return along(figure, {
    question: 'Make it a',
    classes: ['paper towel', 'wool', 'jellyfish', 'jigsaw puzzle', 'vulture', 'tennis ball'],
    beside: ['velvet'],
    values: every(20, 1),
    walk: (model, target) => trick(model, nothing, target, { epsilon: 1, steps: 20 }),
    more: (picture) => [{ picture: { ...picture, rgb: magnified(picture.rgb) }, words: 'the change,\nmagnified' }],
    note: 'No value moves by more than 1 out of 255, and the network is shown whole numbers only.',
  });
}
