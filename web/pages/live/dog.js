// Lesson 6: the dog that cannot be fooled, and thirty steps that fool it.
import { trick } from '../../lab/attack.js';
import { along } from './along.js';

/** @param {import('./live.js').Figure} figure Its picture is the dog. */
export const begin = (figure) =>
  along(figure, {
    question: 'Make it a',
    classes: ['tennis ball', 'vulture', 'teapot', 'shower cap', 'paper towel'], // the lesson's five targets
    beside: ['German shepherd'],
    steps: 30,
    walk: (googlenet, target) => trick(googlenet, figure.pictures[0].rgb, target, { epsilon: 2, steps: 30 }),
    note: 'No value moves by more than 2 out of 255.',
  });
