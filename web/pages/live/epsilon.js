// Lesson 3: a panda becomes a vulture within an epsilon that the reader chooses, and the two take turns in one place.
import { best, trick } from '../../lab/attack.js';
import { dial } from './dial.js';
import { choice, first, googlenet, HALF, share } from './tools.js';

/** @import { Figure } from './live.js' */

const EPSILONS = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const STEPS = 10; // as in the lesson
const VIEWS = ['turns', 'after', 'before'];

/** @param {Figure} figure What it stores begins with the panda. */
export function begin(figure) {
  const { board, stored, cost, say } = figure;
  const [panda] = stored.get(0) ?? [];
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const show = choice('Show', ['both in turn', 'the trick', 'the photograph']);
  const view = () => {
    board.dataset.show = VIEWS[Number(show.select.value)];
  };
  show.select.onchange = view;
  show.select.value = still ? '1' : '0';
  show.select.options[0].disabled = still;
  view();

  const before = { picture: panda, words: `the photograph\n${panda.answer}` };
  dial(figure, {
    name: 'epsilon',
    curves: ['vulture'],
    values: EPSILONS,
    start: 2,
    ticks: [0, 4, 8, 16, 32],
    file: 'epsilon',
    heights: ([{ answer }]) => [share(answer, 'vulture')],
    panels: (epsilon, [picture]) => [{ picture, words: `epsilon ${epsilon}\n${picture.answer}`, enlarge: 2, before }],
    async *walk(wanted) {
      const { model, names } = await googlenet(say, '');
      const vulture = names.indexOf('vulture');
      for (let epsilon = wanted(); epsilon !== undefined; epsilon = wanted()) {
        const frames = [];
        for await (const frame of trick(model, panda.rgb, vulture, { epsilon, steps: STEPS })) {
          frames.push(frame);
          say(`Epsilon ${epsilon}: step ${frame.step} of ${STEPS}, ${first(frame.probabilities, names)}.`);
        }
        const most = best(frames, vulture);
        const answer = first(most.probabilities, names);
        say(`Epsilon ${epsilon}: ${answer}. ${HALF}`);
        yield [
          epsilon,
          { pictures: [{ ...panda, rgb: most.picture, answer }], heights: [most.probabilities[vulture]] },
        ];
      }
    },
  });
  board.firstElementChild?.append(show.label);
  say(cost);
}
