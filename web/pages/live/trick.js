// Lessons 2 and 6: a picture becomes something else, step by step: what the lesson says, or what the reader chooses.

import { trick } from '../../../islands/parts/attack.js';
import { address, choice } from '../../../islands/parts/elements.js';
import { pixels } from '../../../islands/parts/picture.js';
import { dial, walked } from './dial.js';
import { cost, first, googlenet } from './tools.js';

/** @param {import('./live.js').Figure} figure */
export async function begin({ board, settings, say }) {
  const { name, epsilon, steps, classes, beside } = settings;
  const note = `No value moves by more than ${epsilon} out of 255.`;
  const places = await walked(name);
  const [{ pictures, captions }] = places;
  const target = choice('Towards', classes);
  dial(
    { board, say },
    {
      choices: [target],
      places,
      every: 1,
      sizes: [448, 448, 224],
      async *walk() {
        const wanted = [classes[target.select.value], beside];
        const [{ model, names }, start] = await Promise.all([googlenet(say, note), pixels(pictures[0])]);
        const indices = wanted.map((one) => names.indexOf(one));
        for await (const { step, picture, probabilities } of trick(model, start.rgb, indices[0], { epsilon, steps })) {
          const change = picture.map((value, i) => 128 + Math.floor(127 / epsilon) * (value - start.rgb[i]));
          yield {
            pictures: [pictures[0], address({ ...start, rgb: picture }), address({ ...start, rgb: change })],
            captions: [captions[0], `step ${step}\n${first(probabilities, names)}`, captions[2]],
            heights: Object.fromEntries(wanted.map((one, i) => [one, probabilities[indices[i]]])),
          };
        }
      },
    },
  );
  say(`${note} Choose another class, ${await cost('GoogLeNet')}`);
}
