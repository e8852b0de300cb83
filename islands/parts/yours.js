// The first minute goes on with the reader's own photograph: named live, tricked, held, painted, and kept on a card.
import { leads, settled } from './attack.js';
import { card, hand } from './card.js';
import { make, REDUCED_MOTION } from './elements.js';
import { end, watch } from './lab/camera.js';
import { keep, kept } from './own.js';
import { far, glimpse, read, square } from './picture.js';
import { search } from './search.js';
import { seen } from './seen.js';
import { walk } from './ways.js';
import { counted, left, nameIn, top } from './words.js';

/** @import { Scene } from '../hold.js' */
/** @import { Frame } from './attack.js' */
/** @import { Ask, Network } from './figure.js' */
/** @import { Seen } from './seen.js' */

const LOOK = 200; // milliseconds from one name to the next, so that it can be read
const FADING = 0.6; // of what the network said before, this share is left in its next name
const PAUSE = 3000; // milliseconds with the tricked picture, before it walks back
const EPSILONS = [2, 4, 8]; // one after the other, until one is enough
const STEPS = { trick: 15, paint: 60 };
const BELOW = 100; // as far down the network's list, at least, is a wish from its answer
const WISHES = 'vulture teapot goldfish pizza castle toucan volcano banana accordion strawberry snail zebra'.split(' ');
const PROMISE = 'Your browser will fetch the networks and run them itself. Nothing leaves your device.';

/**
 * @param {object} screen
 * @param {HTMLElement} screen.stage Where the picture is.
 * @param {HTMLElement} screen.row Where there is room for controls.
 * @param {(scene: Scene, resting?: boolean) => void} screen.show
 * @param {(words: string) => void} screen.say
 * @param {(words: string) => void} screen.wait
 * @param {{ask: Ask, lesson: string, panda: Scene}} ways To a network, to the lesson that explains it, and back.
 */
export function yours({ stage, row, show, say, wait }, { ask, lesson, panda }) {
  /** @type {Network} */
  let best; // of those that have come
  /** @type {Uint8ClampedArray} */
  let mine; // the photograph
  let taken = false; // to the lesson, with what it became
  let off = () => {}; // ends the camera
  let waiting = false; // for controls that are to have the focus
  const note = make('p', { className: 'note' }, PROMISE);

  /** @type {(...children: HTMLElement[]) => void} Other controls: the first gets the focus, if the ones before had it. */
  const offer = (...children) => {
    const within = row.contains(document.activeElement) || (waiting && document.activeElement === document.body);
    row.replaceChildren(...children);
    waiting = within && !children.length;
    if (within) children[0]?.focus();
  };
  /** @type {(words: string, press: () => unknown) => HTMLButtonElement} */
  const button = (words, press) => make('button', { type: 'button', onclick: () => guard(press) }, words);
  const again = (/** @type {string} */ words) => {
    off();
    wait('');
    say(words);
    begin();
  };
  /** Whatever goes wrong becomes a sentence, and the reader can begin again. */
  const guard = (/** @type {() => unknown} */ work) => (async () => work())().catch(({ message }) => again(message));
  const fetched = async () => {
    best ??= await ask('SqueezeNet', wait);
    const larger = ask('GoogLeNet', (words) => note.replaceChildren(words || 'Nothing leaves your device.'));
    larger.then((it) => (best = it)).catch(() => {}); // the smaller one will do
    return best;
  };
  const file = make('input', { type: 'file', accept: 'image/*' });
  file.onchange = () => {
    const [one] = file.files ?? [];
    if (one) guard(() => take(read(one)));
  };
  const choose = () => {
    file.value = ''; // so that the same one can be chosen again
    file.click();
  };
  const begin = async () => {
    offer(button('Your turn: camera', live), button('Choose a picture', choose), note);
    const last = mine ?? (await kept())?.rgb;
    if (!last) return;
    mine = last;
    note.before(button('Your last picture', () => take(last)));
  };

  /** Nothing has been said of this picture yet. */
  const look = (/** @type {Uint8ClampedArray} */ picture) =>
    show({ frames: [{ ...square(picture), says: '', heights: [] }] });

  /** The camera, live in the square, and what the smaller network calls each of its pictures. */
  async function live() {
    if (stage.querySelector('video')) return; // the browser is asking already
    const video = make('video', { muted: true, playsInline: true, inert: true, ariaLabel: 'What the camera sees' });
    off = () => {
      end(video);
      video.remove();
    };
    const cancel = () => {
      show(panda);
      again('The camera is off.');
    };
    const others = [button('Choose a picture', choose), button('Cancel', cancel), note];
    row.onkeydown = ({ key }) => {
      if (key === 'Escape' && video.isConnected) cancel();
    };
    stage.append(video);
    offer(...others);
    say('Allow the camera, and it will be shown here.');
    await watch(video).catch((error) => {
      if (video.isConnected) throw error;
    });
    if (!video.isConnected) return end(video); // the reader has changed their mind
    const freeze = () => take(glimpse(video));
    look(glimpse(video)); // it is no panda
    video.inert = false; // until it is there, the picture below it can be held
    video.onclick = () => guard(freeze);
    offer(button('Take the picture', freeze), ...others);
    say('Point the camera at something, and tap the picture.');
    await fetched();
    const network = await ask('SqueezeNet', wait);
    let calm = new Float32Array(network.labels.length); // or the word would change too often to be read
    while (video.isConnected) {
      if (document.hidden) return cancel();
      // Otherwise it is above what the reader sees.
      if (video.getBoundingClientRect().bottom > 0) {
        const picture = glimpse(video);
        const answer = await network.predict(picture);
        calm = calm.map((p, i) => FADING * p + (1 - FADING) * answer[i]);
        if (video.isConnected) show({ frames: [seen(network, { picture, probabilities: calm })] });
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }
  /** What the network calls a photograph, and what else it could call it. */
  async function take(/** @type {Uint8ClampedArray | Promise<Uint8ClampedArray>} */ coming) {
    say('Reading the picture …');
    const picture = await coming;
    off();
    if (picture !== mine) keep({ name: 'photograph', rgb: picture }); // for the next visit
    mine = picture;
    look(mine);
    offer();
    say('The network looks at it …');
    const network = await fetched();
    const [{ labels }, probabilities] = [network, await network.predict(picture)];
    const frame = seen(network, { picture, probabilities });
    show({ frames: [frame] });
    say(`${network.name} calls it ${frame.says}. What should the network say instead?`);
    const most = probabilities.toSorted()[probabilities.length - BELOW];
    const wishes = WISHES.flatMap((name) => search(labels, name, 1)).filter((wish) => probabilities[wish] < most);
    const drawn = wishes.sort(() => Math.random() - 0.5).slice(0, 3);
    const any = make('input', { placeholder: 'anything', ariaLabel: 'Any other class' });
    any.setAttribute('list', 'classes');
    const all = make('datalist', { id: 'classes' }, ...labels.map(({ listed }) => new Option(listed)));
    const form = make('form', {}, any, all, make('button', {}, 'Go'));
    form.onsubmit = (event) => {
      event.preventDefault();
      const [target] = search(labels, any.value, 1);
      if (target === undefined) say(`No class fits "${any.value}". Try a different word.`);
      else if (labels[target].listed === nameIn(frame.says))
        say(`It is called ${nameIn(frame.says)} already. Try a different word.`);
      else guard(() => fool(target));
    };
    offer(...drawn.map((wish) => button(labels[wish].listed, () => fool(wish))), form, note);
  }

  /**
   * Shows each step of a way, to the last one, or to Stop. A trick ends once it is settled.
   * @param {Network} network
   * @param {'trick' | 'paint'} kind
   * @param {number} target
   * @param {{epsilon?: number, walked?: Frame[], frames?: Seen[]}} [options] What was walked before goes on.
   */
  async function run(network, kind, target, { epsilon, walked = [], frames = [] } = {}) {
    const [stop, { labels, name }, before] = [new AbortController(), network, walked.length];
    const [goal, steps] = [labels[target].listed, STEPS[kind]];
    const [from, within] = [walked[before - 1]?.picture, before ? `, up to ${epsilon} out of 255` : ''];
    const begun = performance.now();
    const done = make('progress', { max: steps, value: 0, ariaLabel: 'Steps' });
    say(before ? `It takes a larger change: up to ${epsilon} out of 255.` : `${name} is leading it to ${goal} …`);
    const stopping = button('Stop', () => stop.abort());
    offer(stopping, done);
    for await (const frame of walk(network, kind, mine, target, { steps, epsilon, from })) {
      if (before && !frame.step) continue; // it is there already
      walked.push(frame);
      const [{ index }] = top(labels, walked[0].probabilities);
      frames.push(seen(network, frame, [index, target]));
      if (!REDUCED_MOTION.matches) show({ frames, goal }, true);
      wait(
        `${name} is leading it to ${goal}: step ${frame.step} of ${steps}${within}.${left(performance.now() - begun, frame.step, steps)}`,
      );
      done.value = frame.step;
      if (stop.signal.aborted || (kind === 'trick' && settled(walked, target))) break;
    }
    wait('');
    show({ frames, goal }, true);
    const short = nameIn(frames[frames.length - 1].says) === goal ? '' : `, but not yet ${goal}`;
    const over = stop.signal.aborted || walked.some((frame) => leads(frame, target));
    return { walked, frames, goal, taking: counted(frames.length - 1) + short, over };
  }
  async function fool(/** @type {number} */ target) {
    const network = best;
    let ran = await run(network, 'trick', target, { epsilon: EPSILONS[0] });
    for (const epsilon of EPSILONS.slice(1))
      if (!ran.over) ran = await run(network, 'trick', target, { ...ran, epsilon });
    const { frames, goal, taking } = ran;
    if (frames.length < 2) return take(mine); // stopped before the first step
    const [before, after] = [frames[0], frames[frames.length - 1]];
    const most = far(before.rgb, after.rgb);
    const moved = `${network.name}: ${before.says} → ${after.says} in ${taking}.`;
    const told = `${moved} No value moved by more than ${most} out of 255.`;
    taken = await keep({ name: 'photograph', rgb: mine, after: after.rgb, says: [before.says, after.says] });
    taken &&= nameIn(before.says) !== nameIn(after.says); // the lesson asks which is which
    say(told);
    next(network, target, frames, `No value differs by more than ${most} out of 255.`);
    const [here] = row.children;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (here.isConnected) show({ frames, goal, told, hint: 'Hold: changed. Let go: yours' });
  }
  async function brush(/** @type {Network} */ network, /** @type {number} */ target) {
    const { frames, goal, taking } = await run(network, 'paint', target);
    if (frames.length < 2) return take(mine);
    say(`${frames[frames.length - 1].says} after ${taking}. Hold it and let go, and it is your photograph again.`);
    next(network, target, frames, `${network.name} repainted it towards "${goal}".`);
  }
  /** @type {(network: Network, target: number, frames: Seen[], words: string) => void} What can follow a run. */
  const next = (network, target, frames, words) => {
    const why = make('a', { href: `${lesson}#yours` }, 'Why? Lesson 1, with your picture');
    offer(
      button('Now make it visible', () => brush(network, target)),
      button('Keep a card', async () => hand(await card(frames[0], frames[frames.length - 1], words))),
      button('Another class', () => take(mine)),
      button('Another picture', () => {
        show({ frames: [frames[0]] });
        again('Take another picture, or choose one.');
      }),
      ...(taken ? [why] : []),
    );
  };
  begin();
}
