// Lesson 6: the dog that cannot be fooled, and thirty steps that fool it.
import { trick } from '../../lab/attack.js';
import { along, every } from './along.js';

/** @param {import('./live.js').Figure} figure What it stores begins with the dog. */
export function begin(figure) {
  const [{ rgb: dog }] = figure.stored.get(0) ?? [];
  return along(figure, {
    question: 'Make it a',
    classes: ['tennis ball', 'vulture', 'teapot', 'shower cap', 'paper towel'], // the lesson's five targets
    beside: ['German shepherd'],
    values: every(30, 1),
    walk: (model, target) => trick(model, dog, target, { epsilon: 2, steps: 30 }),
    note: 'No value moves by more than 2 out of 255.',
  });
}
