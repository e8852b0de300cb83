// Lesson 8: the browser saves a trick as JPEG, at the quality that the reader chooses, and asks what it is now.
import { pixels } from '../../lab/picture.js';
import { dial } from './dial.js';
import { choice, file, first, HALF, labels, network } from './tools.js';

/** @import { Figure } from './live.js' */
/** @import { Picture } from '../../lab/picture.js' */

const QUALITIES = Array.from({ length: 26 }, (_, i) => 70 + i); // the lesson's
const LEG = { top: 124, left: 116, side: 88 }; // of the panda, as in lessons/survive/figures.py
const TRICKS = [
  { words: 'lesson 3, epsilon 2', epsilon: 2 },
  { words: 'the plain one, epsilon 8', epsilon: 8 },
  { words: 'the sturdy one, epsilon 8', epsilon: 8 },
];

/** @param {Figure} figure Its pictures are the panda, and a trick for each of the above. */
export async function begin({ board, pictures: [panda, ...tricks], say }) {
  const names = await labels();
  const googlenet = await network('GoogLeNet', say);
  const vulture = names.indexOf('vulture');
  const which = choice(
    'Trick',
    TRICKS.map(({ words }) => words),
  );
  board.append(which.label);

  /** @param {number} quality */
  const ask = async (quality) => {
    const chosen = Number(which.select.value);
    const [blob, bare] = await Promise.all(
      [tricks[chosen], panda].map((p) => file(p, { type: 'image/jpeg', quality: quality / 100 })),
    );
    const picture = await pixels(blob);
    const probabilities = await googlenet.predict(picture.rgb);
    const words = `JPEG, quality ${quality}, ${Math.round(blob.size / 1000)} kB\n${first(probabilities, names)}`;
    const left = grain(picture, await pixels(bare), TRICKS[chosen].epsilon);
    return {
      panels: [
        { picture, words },
        { picture: left, words: 'what is left on the leg,\nmagnified', enlarge: 2 },
      ],
      heights: [probabilities[vulture]],
      file: { blob, name: `quality-${quality}.jpg` },
    };
  };
  const again = dial(board, {
    name: 'quality',
    curves: ['vulture'],
    values: QUALITIES,
    start: 90,
    sweep: 'down',
    ask,
    say,
  });
  which.select.onchange = again;
  say(`Your browser saves the trick as a JPEG, opens it, and asks GoogLeNet what it shows. ${HALF}`);
  return again;
}

/**
 * What is left of a trick on the leg, as the mean of its colours: white is +scale, black -scale.
 * @param {Picture} after
 * @param {Picture} before
 * @param {number} scale
 * @returns {Picture}
 */
function grain(after, before, scale) {
  const rgb = new Uint8ClampedArray(LEG.side * LEG.side * 3);
  for (let i = 0; i < LEG.side * LEG.side; i++) {
    const at = 3 * ((LEG.top + Math.floor(i / LEG.side)) * after.width + LEG.left + (i % LEG.side));
    let sum = 0;
    for (let c = at; c < at + 3; c++) sum += after.rgb[c] - before.rgb[c];
    rgb.fill(Math.floor(127.5 + (127.5 * sum) / (3 * scale)), 3 * i, 3 * i + 3);
  }
  return { rgb, width: LEG.side, height: LEG.side };
}
