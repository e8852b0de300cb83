// The first minute goes on with the reader's own photograph: named live, tricked, held, painted, and kept on a card.
import { trick } from './attack.js';
import { card, hand } from './card.js';
import { make, REDUCED_MOTION } from './elements.js';
import { watch } from './lab/camera.js';
import { keep } from './own.js';
import { paint } from './paint.js';
import { glimpse, read, SIDE } from './picture.js';
import { seeded } from './random.js';
import { search } from './search.js';
import { counted, nameIn, top } from './words.js';

/** @import { Scene } from '../hold.js' */
/** @import { Frame } from './attack.js' */
/** @import { Ask, Network } from './figure.js' */

/** ended: has the reader stopped it, or has it reached its goal? @typedef {Scene & {step: number, ended: boolean}} Walk */

const LOOK = 200; // milliseconds from one name to the next, so that it can be read
const PAUSE = 1500; // milliseconds with the tricked picture, before it walks back
const EPSILONS = [2, 4, 8]; // one after the other, until one is enough
const STEPS = 15; // with each of them
const MORE = 2; // steps after the flip
const STROKES = 40;
const FAR = 100; // places down the network's list: as far from its answer as a class has to be
const WISHES =
  'vulture teapot goldfish pizza castle toucan volcano banana accordion strawberry snail flamingo zebra'.split(' ');

/**
 * @param {object} screen
 * @param {HTMLElement} screen.square Where the picture is.
 * @param {HTMLElement} screen.row Where there is room for controls.
 * @param {(scene: Scene, resting?: boolean) => void} screen.show
 * @param {(words: string) => void} screen.say
 * @param {(words: string) => void} screen.wait
 * @param {{ask: Ask, lesson: string}} ways To a network, and to the lesson that explains it.
 */
export function yours({ square, row, show, say, wait }, { ask, lesson }) {
  /** @type {Network | undefined} */
  let best; // of those that have come
  let off = () => {}; // ends the camera
  /** @type {Uint8ClampedArray} */
  let mine; // the photograph
  let taken = false; // to the lesson, and what it became

  /** @type {(...children: HTMLElement[]) => void} Other controls: the first gets the focus, if the ones before had it. */
  const offer = (...children) => {
    const within = row.contains(document.activeElement);
    row.replaceChildren(...children);
    if (within) children[0]?.focus();
  };
  /** @type {(words: string, press: () => unknown) => HTMLButtonElement} */
  const button = (words, press) => make('button', { type: 'button', onclick: () => guard(press) }, words);
  /** Whatever goes wrong becomes a sentence, and the reader can begin again. */
  const guard = async (/** @type {() => unknown} */ work) => {
    try {
      await work();
    } catch (error) {
      off();
      wait('');
      say(/** @type {Error} */ (error).message);
      begin();
    }
  };
  const fetched = async () => {
    if (best) return best;
    best = await ask('SqueezeNet', wait);
    ask('GoogLeNet', () => {}).then(
      (larger) => {
        best = larger;
      },
      () => {},
    );
    return best;
  };
  const file = make('input', { type: 'file', accept: 'image/*', hidden: true });
  file.onchange = () =>
    guard(async () => {
      const [chosen] = file.files ?? [];
      if (chosen) await take(await read(chosen));
    });
  const choose = () => {
    off();
    file.value = ''; // so that the same one can be chosen again
    file.click();
  };
  const begin = () => offer(button('Your turn: camera', look), button('Choose a picture', choose));

  /** The camera, live in the square, and what the network calls each of its pictures. */
  async function look() {
    const video = make('video', { muted: true, playsInline: true, ariaLabel: 'What the camera sees' });
    const end = await watch(video);
    off = () => {
      end();
      video.remove();
    };
    const freeze = () => {
      const rgb = glimpse(video);
      off();
      return take(rgb);
    };
    video.onclick = () => guard(freeze);
    square.append(video);
    offer(button('Take the picture', freeze), button('Choose a picture', choose));
    say('Point it at something, and tap the picture.');
    const network = await fetched();
    while (video.isConnected) {
      const rgb = glimpse(video);
      const probabilities = await network.predict(rgb);
      if (video.isConnected) show({ frames: [seen(network, { picture: rgb, probabilities })] });
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }
  async function take(/** @type {Uint8ClampedArray} */ rgb) {
    mine = rgb;
    show({ frames: [{ rgb, width: SIDE, height: SIDE, says: '', heights: [] }] });
    offer();
    const network = await fetched();
    const probabilities = await network.predict(rgb);
    const frame = seen(network, { picture: rgb, probabilities });
    show({ frames: [frame] });
    say(`${network.name} calls it ${frame.says}. What shall it call it instead?`);
    const ranked = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
    const far = new Set(ranked.slice(FAR).map((index) => network.labels[index].listed));
    const drawn = WISHES.filter((name) => far.has(name))
      .sort(() => Math.random() - 0.5)
      .slice(0, 3);
    const wish = make('input', { placeholder: 'anything', ariaLabel: 'Any other class' });
    wish.setAttribute('list', 'classes');
    const all = make('datalist', { id: 'classes' }, ...network.labels.map(({ listed }) => new Option(listed)));
    const form = make('form', {}, wish, all, make('button', {}, 'Go'));
    form.onsubmit = (event) => {
      event.preventDefault();
      const [target] = search(network.labels, wish.value, 1);
      if (target === undefined) say(`No class fits "${wish.value}". Try a different word.`);
      else guard(() => fool(target));
    };
    const chips = drawn.map((name) =>
      button(name, () => fool(network.labels.findIndex(({ listed }) => listed === name))),
    );
    offer(...chips, form);
  }

  /**
   * Shows each step of a walk, until so many of them have reached the target, or to the last one, or to Stop.
   * @type {(network: Network, target: number, steps: AsyncGenerator<Frame>, enough: number) => Promise<Walk>}
   */
  async function run(network, target, steps, enough) {
    let [stopped, reached, was, step] = [false, 0, -1, 0];
    /** @type {Scene['frames']} */
    const frames = [];
    const goal = network.labels[target].listed;
    say(`${network.name} leads it to ${goal} …`);
    offer(
      button('Stop', () => {
        stopped = true;
      }),
    );
    for await (const frame of steps) {
      const [{ index }] = top(network.labels, frame.probabilities);
      if (was < 0) was = index;
      frames.push(seen(network, frame, [was, target]));
      if (!REDUCED_MOTION.matches) show({ frames, goal }, true);
      step = frame.step;
      wait(`Step ${step}`);
      reached += Number(index === target);
      if (stopped || reached >= enough) break;
    }
    wait('');
    show({ frames, goal }, true);
    return { frames, goal, step, ended: stopped || reached > 0 };
  }
  async function fool(/** @type {number} */ target) {
    const network = /** @type {Network} */ (best);
    /** @type {Walk | undefined} */
    let walk;
    for (const epsilon of EPSILONS) {
      walk = await run(network, target, trick(network, mine, target, { epsilon, steps: STEPS }), MORE + 1);
      if (walk.ended) break;
    }
    const { frames, goal, step } = /** @type {Walk} */ (walk);
    const [before, after] = [frames[0], frames[frames.length - 1]];
    const far = after.rgb.reduce((most, value, i) => Math.max(most, Math.abs(value - before.rgb[i])), 0);
    const moved = `${network.name}: ${before.says} → ${after.says} in ${counted(step)}.`;
    const told = `${moved} No value moved by more than ${far} of 255, and nothing left your device.`;
    const own = { name: 'photograph', rgb: before.rgb, after: after.rgb };
    const kept = await keep({ ...own, says: [before.says, after.says] });
    taken = kept && nameIn(before.says) !== nameIn(after.says); // the lesson asks which is which
    say(told);
    next(network, target, frames, `No value is more than ${far} of 255 apart.`);
    const [here] = row.children;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (here.isConnected) show({ frames, goal, told, hint: 'Hold: changed. Let go: yours' });
  }
  async function brush(/** @type {Network} */ network, /** @type {number} */ target) {
    const steps = paint(network, mine, target, { steps: STROKES, chance: seeded(0) });
    const { frames, goal, step } = await run(network, target, steps, Number.POSITIVE_INFINITY);
    say(
      `${frames[frames.length - 1].says} after ${counted(step)}. Hold it and let go, and it is your photograph again.`,
    );
    next(network, target, frames, `This is what ${network.name} takes for ${goal}.`);
  }
  /** @type {(network: Network, target: number, frames: Scene['frames'], words: string) => void} What one can do after a walk. */
  const next = (network, target, frames, words) =>
    offer(
      button('Now make it visible', () => brush(network, target)),
      button('Keep a card', async () => hand(await card(frames[0], frames[frames.length - 1], words))),
      button('Another class', () => take(mine)),
      button('Another picture', begin),
      ...(taken ? [make('a', { href: `${lesson}#yours` }, 'Why does it work? Lesson 1, with your picture')] : []),
    );
  begin();
}

/** @type {(network: Network, frame: Pick<Frame, 'picture' | 'probabilities'>, classes?: number[]) => Scene['frames'][number]} */
function seen({ labels }, { picture, probabilities }, classes) {
  const [{ words, index }] = top(labels, probabilities);
  const heights = (classes ?? [index]).map((one) => probabilities[one]);
  return { rgb: picture, width: SIDE, height: SIDE, says: words, heights };
}
