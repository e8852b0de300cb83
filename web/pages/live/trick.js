// Lessons 2 and 6: a picture becomes something else, step by step: what the lesson says, or what the reader chooses.
import { trick } from '../../lab/attack.js';
import { pixels } from '../../lab/picture.js';
import { dial, walked } from './dial.js';
import { address, choice, cost, first, googlenet } from './tools.js';

/** @param {import('./live.js').Figure} figure */
export async function begin({ board, settings, say }) {
  const { name, epsilon, steps, classes, beside } = settings;
  const note = `No value moves by more than ${epsilon} out of 255.`;
  const places = await walked(name);
  const [{ pictures, answers }] = places;
  const target = choice('Towards', classes);
  const curves = () => [classes[target.select.value], beside];
  dial(
    { board, say },
    {
      choices: [target],
      places,
      every: 1,
      sizes: [448, 448, 224],
      curves,
      titles: (step) => ['before', `step ${step}`, 'the change'],
      async *walk() {
        const wanted = curves();
        const [{ model, names }, start] = await Promise.all([googlenet(say, note), pixels(pictures[0])]);
        const indices = wanted.map((one) => names.indexOf(one));
        for await (const { picture, probabilities } of trick(model, start.rgb, indices[0], { epsilon, steps })) {
          const change = picture.map((value, i) => 128 + Math.floor(127 / epsilon) * (value - start.rgb[i]));
          yield {
            pictures: [pictures[0], address({ ...start, rgb: picture }), address({ ...start, rgb: change })],
            answers: [answers[0], first(probabilities, names), answers[2]],
            heights: indices.map((index) => probabilities[index]),
          };
        }
      },
    },
  );
  say(`${note} Choose another class, ${await cost('GoogLeNet')}`);
}
