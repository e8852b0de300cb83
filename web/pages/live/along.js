// A walk that the reader's browser takes: a class to choose, and a slider along the steps while they are being taken.
import { SIDE } from '../../lab/picture.js';
import { dial } from './dial.js';
import { choice, first, googlenet, share } from './tools.js';

/** @import { Frame } from '../../lab/attack.js' */
/** @import { Network } from '../../lab/network.js' */
/** @import { Picture } from '../../lab/picture.js' */
/** @import { Panel } from './dial.js' */
/** @import { Figure } from './live.js' */

/**
 * @param {Figure} figure
 * @param {object} options
 * @param {string} options.question What the choice asks, as in "Make it a".
 * @param {string[]} options.classes What may be chosen. The walk begins with the first.
 * @param {string[]} [options.beside] Classes whose curves are drawn as well.
 * @param {number[]} options.values The steps that are shown.
 * @param {(model: Network, target: number) => AsyncGenerator<Frame>} options.walk
 * @param {(picture: Picture) => Panel[]} [options.more] What is shown beside a picture.
 * @param {string} options.note
 */
export function along(figure, { question, classes, beside = [], values, walk, more = () => [], note }) {
  const { board, stored, cost, say } = figure;
  const choices = choice(question, classes);
  const curves = [classes[0], ...beside];
  board.append(choices.label);
  const again = dial(figure, {
    name: 'step',
    curves,
    values,
    start: Math.max(...stored.keys()),
    file: 'step',
    heights: ([{ answer }]) => curves.map((name) => share(answer, name)),
    panels: (step, [picture]) => [{ picture, words: `step ${step}\n${picture.answer}`, enlarge: 2 }, ...more(picture)],
    async *walk() {
      const [name] = curves; // the reader may choose another while the network comes
      const { model, names } = await googlenet(say, note);
      for await (const { step, picture, probabilities } of walk(model, names.indexOf(name))) {
        const heights = curves.map((curve) => probabilities[names.indexOf(curve)]);
        const answer = first(probabilities, names);
        yield [step, { pictures: [{ rgb: picture, width: SIDE, height: SIDE, answer }], heights }];
      }
    },
  });
  choices.select.onchange = () => {
    curves[0] = classes[Number(choices.select.value)];
    again();
  };
  say(`${note} ${cost}`);
}

/** @type {(last: number, step: number) => number[]} The whole numbers from 0 on. */
export const every = (last, step) => Array.from({ length: last / step + 1 }, (_, i) => step * i);
