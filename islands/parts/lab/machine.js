// The lab's one state, and what changes it. Nothing here touches a page or asks a network, so Node can test it.
import { leads, settled } from '../attack.js';
import { counted, left, percent, top } from '../words.js';

/** @import { Frame } from '../attack.js' */
/** @import { Network } from '../figure.js' */
/** @import { Class } from '../words.js' */

/** @typedef {'loading' | 'looking' | 'ready' | 'running' | 'stopped' | 'done' | 'moment' | 'copied' | 'saved' | 'same' | 'other' | 'failed'} Phase */

/**
 * A picture to begin with. ours: its name in the list, or none for the reader's own.
 * @typedef {{rgb: Uint8ClampedArray, name: string, ours: string}} Chosen
 */

/**
 * Steps that are being taken, or were: which kind, from which picture, towards which class, and what came of them. whole:
 * does it take all its steps, although it could rest?
 * @typedef {{kind: string, name: string, target: number, epsilon: number, steps: number, method: string, settings: string,
 *   begun: number, whole: boolean, frames: Frame[], at: number}} Run
 */

/**
 * @typedef {object} State
 * @property {Record<string, string>} settings Of each control, by its name.
 * @property {Phase} phase
 * @property {string} words One sentence, which screen readers read out.
 * @property {{words: string, share: number} | undefined} progress
 * @property {Chosen | undefined} picture
 * @property {Network | undefined} network
 * @property {string} wanted The network that is chosen, which may still be on its way.
 * @property {number} reading How many pictures have been handed over: only the latest counts.
 * @property {number} turn Counts the pictures that the network has to look at. An answer to an earlier turn is about another picture.
 * @property {Float32Array | undefined} answer What the network says about what a run begins with.
 * @property {Run | undefined} run The last one, as long as it is about this picture.
 * @property {boolean} running
 * @property {{picture: Uint8ClampedArray, probabilities: Float32Array | undefined, kind: string, at: number[], held: boolean,
 *   move: number} | undefined} stuck The picture with the sticker, after so many moves. at: its centre (row, column).
 * @property {string} kept The file in the folder that has what is seen, if it was saved there.
 */

const READING = 'Reading the picture …';

/** @type {(settings: Record<string, string>) => State} */
export const initial = (settings) => ({
  settings,
  phase: 'loading',
  words: 'Loading …',
  progress: undefined,
  picture: undefined,
  network: undefined,
  wanted: settings.network,
  reading: 0,
  turn: 0,
  answer: undefined,
  run: undefined,
  running: false,
  stuck: undefined,
  kept: '',
});

/** @type {(state: State, probabilities: Float32Array) => Class} */
const first = (state, probabilities) => top(state.network?.labels ?? [], probabilities)[0];

/** The frame that is seen. @type {(run: Run) => Frame} */
export const seen = ({ frames, at }) => frames[at];

/** May it wait with its other steps? */
export const rests = (/** @type {Run} */ { kind, whole, target, frames }) =>
  kind === 'trick' && !whole && settled(frames, target);

/** Are there steps that a trick has not taken? @type {(run?: Run) => boolean} */
export const unfinished = (run) => run?.kind === 'trick' && run.frames[run.frames.length - 1]?.step < run.steps;

/** The name of the file that keeps what is seen. @type {(state: State) => string} */
export function file({ run, stuck, picture, network }) {
  if (stuck) return `${picture?.name}-with-${stuck.kind}.png`;
  if (!run || !network) return '';
  const goal = plain(network.labels[run.target].listed);
  const step = run.at === best(run) ? '' : `step-${seen(run).step}-`;
  if (run.kind === 'dream') return `${step}dream-of-${goal}.png`;
  return `${step}${run.name}-to-${goal}-${run.kind === 'trick' ? `eps${run.epsilon}` : 'painted'}.png`;
}

/** @type {(text: string) => string} */
export const plain = (text) => text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'picture';

/** A trick ends at the frame in which its target is most probable (the last of equals); the others end at the last. */
export function best(/** @type {Run} */ { kind, target, frames }) {
  let found = frames.length - 1;
  if (kind !== 'trick') return found;
  for (const i of [...frames.keys()].reverse()) {
    if (frames[i].probabilities[target] > frames[found].probabilities[target]) found = i;
  }
  return found;
}

/** The network has to look at another picture now. @type {(state: State, change?: Partial<State>) => State} */
const fresh = (state, change = {}) => ({
  ...state,
  turn: state.turn + 1,
  answer: undefined,
  run: undefined,
  stuck: undefined,
  kept: '',
  progress: undefined,
  ...change,
  ...((change.network ?? state.network)?.name === state.wanted && { phase: 'looking', words: 'Looking …' }),
});

/** @type {(state: State, error: Error) => State} */
const failed = (state, { message }) => ({ ...state, phase: 'failed', words: message, progress: undefined });

/** What the step that is seen has led to. @type {(state: State, run: Run) => string} */
function told(state, run) {
  const [was, is] = [run.frames[0], seen(run)].map(({ probabilities }) => first(state, probabilities).words);
  if (!seen(run).step) return `Before the first step: ${was}.`;
  const steps = counted(seen(run).step);
  if (run.kind !== 'dream') return `${was} → ${is} in ${steps}.`;
  return `A dream of "${state.network?.labels[run.target].listed}" in ${steps}. The network says ${is}.`;
}

/** What is said at the end of a run. @type {(state: State, run: Run) => string} */
function summary(state, run) {
  if (run.kind === 'dream' || leads(seen(run), run.target)) return told(state, run);
  const more = run.kind === 'trick' ? 'more steps or a larger epsilon' : 'more steps or a different seed';
  const near = `${state.network?.labels[run.target].listed} reached ${percent(seen(run).probabilities[run.target])}`;
  return `${told(state, run)} The ${near}. To get further, try ${more}.`;
}

/**
 * What happens, by its name, and how the state changes. An event that comes too late changes nothing.
 * @type {Record<string, (state: State, event: any) => State>}
 */
const EVENTS = {
  set(state, { settings }) {
    const now = { ...state, settings };
    const another = settings.mode !== state.settings.mode;
    const noise = settings.seed !== state.settings.seed && settings.mode === 'dream' && !state.run; // it is seen
    return another || noise ? fresh(now) : now;
  },
  reading: (state) =>
    state.running
      ? failed(state, new Error('Press Stop before you choose another picture.'))
      : {
          ...state,
          reading: state.reading + 1,
          progress: { words: READING, share: 0 },
          ...(state.phase === 'failed' && state.network && { phase: 'looking', words: READING }), // what failed is over
        },
  read: (state, { reading, picture }) =>
    reading === state.reading && !state.running ? fresh(state, { picture }) : state,
  unread: (state, { reading, error }) => (reading === state.reading && !state.running ? failed(state, error) : state),
  loading: (state, { name }) => ({ ...state, wanted: name, phase: 'loading', words: `Loading ${name} …` }),
  waiting(state, { words }) {
    if (state.running && !words) return state; // the next frame says where it is
    const share = (state.running && state.progress?.share) || 0;
    return { ...state, progress: words ? { words, share } : undefined };
  },
  loaded: (state, { network }) =>
    network.name === state.wanted ? fresh(state, { network, progress: undefined }) : state,
  unloaded: (state, { name, error }) =>
    name === state.wanted ? { ...failed(state, error), wanted: state.network?.name ?? name } : state,
  looked(state, { turn, probabilities }) {
    if (turn !== state.turn || state.running) return state;
    const now = { ...state, answer: probabilities };
    if (state.phase !== 'looking') return now; // what went wrong stays
    const ready = `Ready: ${state.network?.name} says ${first(state, probabilities).words}.`;
    const dream = 'Press Start, and a dream grows out of this faint noise.';
    return { ...now, phase: 'ready', words: state.settings.mode === 'dream' ? dream : ready };
  },
  start(state, { run }) {
    const wish = state.network?.labels[run.target].listed;
    const words = `${run.kind === 'dream' ? 'Dreaming of' : 'Towards'} ${wish} …`;
    return { ...state, run, running: true, phase: 'running', words, kept: '', turn: state.turn + 1 };
  },
  frame(state, { frame, now }) {
    const run = /** @type {Run} */ (state.run);
    if (run.frames.some(({ step }) => step === frame.step)) return state; // seen before the run went on
    const frames = [...run.frames, frame];
    const flips = leads(frame, run.target) && !run.frames.some((one) => leads(one, run.target));
    const wish = state.network?.labels[run.target].listed;
    const share = `${wish} ${percent(frame.probabilities[run.target])}.`;
    const words = `Step ${frame.step} of ${run.steps}: ${share}${left(now - run.begun, frame.step, run.steps)}`;
    const progress = { words, share: frame.step / run.steps };
    const said = flips ? `${wish} leads after ${counted(frame.step)}.` : state.words;
    return { ...state, words: said, run: { ...run, frames, at: frames.length - 1 }, progress };
  },
  ended(state, { error }) {
    const now = { ...state, running: false, progress: undefined };
    const run = /** @type {Run} */ (state.run);
    if (run.frames.length < 2) {
      const none = { ...now, run: undefined, phase: /** @type {Phase} */ ('stopped') };
      return error ? failed(none, error) : { ...none, words: 'Stopped before the first step.' };
    }
    const kept = { ...now, run: { ...run, at: best(run) } };
    if (error) return failed(kept, error);
    const phase = run.frames[run.frames.length - 1].step < run.steps && !rests(run) ? 'stopped' : 'done';
    return { ...kept, phase, words: summary(kept, kept.run) };
  },
  moment(state, { at }) {
    const run = { .../** @type {Run} */ (state.run), at };
    return { ...state, run, kept: '', phase: 'moment', words: told(state, run) };
  },
  moved(state, { at, picture, kind, held }) {
    const { probabilities, move = 0 } = state.stuck ?? {};
    const stuck = { picture, probabilities, kind, at, held, move: move + 1 };
    return { ...state, stuck, phase: 'looking', kept: '' }; // what was said stays until there is an answer
  },
  stuck(state, { move, probabilities }) {
    if (!state.stuck || move !== state.stuck.move || !state.answer) return state;
    const now = { ...state, stuck: { ...state.stuck, probabilities } };
    if (state.stuck.held) return now;
    const [was, is] = [state.answer, probabilities].map((one) => first(state, one).words);
    return { ...now, phase: 'done', words: `${was} → ${is} with the sticker.` };
  },
  said: (state, { phase, words, kept }) => ({ ...state, phase, words, kept: kept ?? state.kept }),
  failed: (state, { error }) => failed(state, error),
};

/** @type {(state: State, event: {type: string} & Record<string, any>) => State} */
export const reduce = (state, event) => EVENTS[event.type](state, event);
