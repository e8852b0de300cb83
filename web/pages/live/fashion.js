// Lesson 14: a garment walks towards another on two networks, one of which has learnt from tricks.
import { address, choice } from '../../../islands/parts/elements.js';
import { dial, walked } from './dial.js';
import { draw } from './drawing.js';
import { cost, first, network } from './tools.js';

/** @import { Picture } from '../../../islands/parts/picture.js' */

const NETWORKS = ['plain', 'robust'];
const WALK = { length: 2040, steps: 60 };
const NOTE = 'Both changes have the same length (L2) at every step. The curves are those of the class you ask for.';

/** @param {import('./live.js').Figure} figure Its pictures are garments, in grey. */
export async function begin({ board, pictures, names, settings: { classes }, say }) {
  const places = await walked('fashion');
  const every = WALK.steps / (places.length - 1);
  const [garment, goal] = [choice('Garment', names), choice('Towards', classes)];
  goal.select.value = String(classes.indexOf('bag'));
  dial(
    { board, say },
    {
      choices: [garment, goal],
      places,
      every,
      sizes: [224, 224],
      async *walk() {
        const [start, target] = [pictures[Number(garment.select.value)], Number(goal.select.value)];
        const networks = await Promise.all(NETWORKS.map((name) => network(`FashionNet ${name}`, say)));
        say(NOTE);
        const grey = start.rgb.filter((_, i) => i % 3 === 0);
        const walks = networks.map((one) => draw(one, grey, target, WALK));
        for (let step = 0; step <= WALK.steps; step++) {
          const frames = (await Promise.all(walks.map((one) => one.next()))).flatMap(({ value }) => value ?? []);
          if (step % every) continue;
          yield {
            pictures: frames.map(({ picture }) =>
              address({ ...start, rgb: start.rgb.map((_, i) => picture[Math.floor(i / 3)]) }),
            ),
            captions: NETWORKS.map((name, i) => `${name}, step ${step}\n${first(frames[i].probabilities, classes)}`),
            heights: Object.fromEntries(NETWORKS.map((name, i) => [name, frames[i].probabilities[target]])),
          };
        }
      },
    },
  );
  say(`${NOTE} Choose another garment or class, ${await cost('FashionNet plain', 'FashionNet robust')}`);
}
