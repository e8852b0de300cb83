// Lesson 3: a panda becomes a vulture within an epsilon that the reader chooses, and the two take turns in one place.
import { best, trick } from '../../lab/attack.js';
import { dial } from './dial.js';
import { choice, file, first, HALF, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */

const EPSILONS = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const STEPS = 10; // as in the lesson
const VIEWS = ['turns', 'after', 'before'];

/** @param {Figure} figure Its picture is the panda. */
export async function begin({ board, pictures: [panda], say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const vulture = names.indexOf('vulture');
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const show = choice('Show', ['both in turn', 'the trick', 'the photograph']);
  show.select.onchange = () => {
    board.dataset.show = VIEWS[Number(show.select.value)];
  };
  show.select.value = still ? '1' : '0';
  show.select.options[0].disabled = still;
  board.dataset.show = VIEWS[Number(show.select.value)];

  /** @param {number} epsilon */
  const ask = async (epsilon) => {
    const frames = [];
    const steps = epsilon ? STEPS : 0;
    for await (const frame of trick(googlenet, panda.rgb, vulture, { epsilon, steps })) {
      frames.push(frame);
      say(`Epsilon ${epsilon}: step ${frame.step} of ${steps}, ${first(frame.probabilities, names)}.`);
    }
    const most = best(frames, vulture);
    say(`Epsilon ${epsilon}: ${first(most.probabilities, names)}. ${HALF}`);
    const picture = { ...panda, rgb: most.picture };
    const words = `epsilon ${epsilon}\n${first(most.probabilities, names)}`;
    const before = { picture: panda, words: `the photograph\n${first(frames[0].probabilities, names)}` };
    return {
      panels: [{ picture, words, enlarge: 2, before }],
      heights: [most.probabilities[vulture]],
      file: { blob: await file(picture), name: `epsilon-${epsilon}.png` },
    };
  };
  const again = dial(board, {
    name: 'epsilon',
    curves: ['vulture'],
    values: EPSILONS,
    start: 2,
    ticks: [0, 4, 8, 16, 32],
    ask,
    say,
  });
  board.firstElementChild?.append(show.label);
  return again;
}
