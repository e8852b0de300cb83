// The lab: a picture, a class, Start. It tricks, paints, dreams and sticks stickers on pictures, step by step.
// parts/lab/ has its state and what changes it (machine.js), what is seen (view.js), and what there is to click (form.js).
import { METHODS } from './parts/attack.js';
import { Board } from './parts/board.js';
import { noise } from './parts/dream.js';
import { addStyle, draw, make } from './parts/elements.js';
import { latest } from './parts/figure.js';
import { available, photograph } from './parts/lab/camera.js';
import { folderOf } from './parts/lab/folder.js';
import { FORM } from './parts/lab/form.js';
import { file, initial, plain, reduce, rests, seen } from './parts/lab/machine.js';
import { view } from './parts/lab/view.js';
import * as own from './parts/own.js';
import { pixels, read, square } from './parts/picture.js';
import { seeded } from './parts/random.js';
import { search } from './parts/search.js';
import { place } from './parts/sticker.js';
import { walk } from './parts/ways.js';
import { top } from './parts/words.js';

/** @import { Ask, Network } from './parts/figure.js' */
/** @import { Run, State } from './parts/lab/machine.js' */
/** @import { Own } from './parts/own.js' */
/** @import { Picture } from './parts/picture.js' */

/**
 * Whoever mounts it hears two events of `el`: "settings" (detail: the settings, as a query), whenever they change, and
 * "share" (detail: {file, settings, say}; say takes words for the lab's message).
 * @param {HTMLElement} el
 * @param {object} state
 * @param {[string, string][]} state.pictures Names and addresses. In Jupyter, the kernel's folder has more.
 * @param {[string, string][]} state.stickers
 * @param {string[]} state.networks
 * @param {string} [state.quick] The one of them that answers until the first has come.
 * @param {Record<string, string>} state.settings What the controls say at first. One that doesn't fit is ignored.
 * @param {boolean} [state.eager] Is the network loaded at once, and not only when it is needed?
 * @param {boolean} [state.shares] Can what comes of it be shared?
 * @param {Ask} ask
 */
export async function mount(el, state, ask) {
  await addStyle('lab.css');
  el.classList.add('lab');
  Object.assign(el, { innerHTML: FORM, hidden: true }); // until it says what is set
  const the = (/** @type {string} */ name) => /** @type {any} */ (el.querySelector(`.${name}`));
  const form = /** @type {HTMLFormElement} */ (the('controls'));
  const control = (/** @type {string} */ name) => /** @type {any} */ (form.elements.namedItem(name));
  const classes = /** @type {HTMLDataListElement} */ (el.querySelector('datalist'));
  const addresses = new Map(state.pictures);
  const stickers = new Map(state.stickers.map(([name, where]) => [name, pixels(where)]));
  const folder = ask.kernel && folderOf(ask.kernel, (words) => happen('waiting', { words }));
  /** @type {{seed: number, rgb: Uint8ClampedArray}} */
  let speckles = { seed: -1, rgb: new Uint8ClampedArray() };
  let mine = await own.kept();
  let now = initial({});
  const show = view(el, beginning);

  /** @type {(type: string, what?: object) => State} */
  const happen = (type, what = {}) => {
    const [{ running }, here] = [now, document.activeElement];
    now = reduce(now, { type, ...what });
    show(now);
    // Otherwise the focus would be lost with the button. It stays where it is if the reader is outside the lab.
    const inside = here === document.body || el.contains(here);
    if (running !== now.running && inside) the(now.running ? 'stop' : 'start').focus({ preventScroll: true });
    return now;
  };
  /** @type {(work: Promise<unknown>) => void} Whatever goes wrong becomes a sentence, and the lab stays usable. */
  const guard = (work) => {
    work.catch((error) => error.name !== 'AbortError' && happen('failed', { error }));
  };

  /** @type {(state: State) => Uint8ClampedArray | undefined} What a run begins with. */
  function beginning({ settings, picture }) {
    const seed = Number(settings.seed);
    if (settings.mode !== 'dream') return picture?.rgb;
    if (speckles.seed !== seed) speckles = { seed, rgb: noise(seeded(seed)) };
    return speckles.rgb;
  }

  // Pictures

  /** @type {(from: string, read: () => Promise<any>, ours?: string) => Promise<void>} */
  async function take(from, read, ours = '') {
    const reading = now.reading + 1;
    if (happen('reading').reading !== reading) return;
    try {
      const rgb = await read();
      happen('read', { reading, picture: { rgb, name: plain(from), ours } });
      if (!ours && now.picture?.rgb === rgb && mine?.rgb !== rgb) remember({ name: from, rgb });
    } catch (error) {
      happen('unread', { reading, error });
    }
    if (reading !== now.reading) return;
    control('picture').value = now.picture?.ours ?? ''; // none for the reader's own; the one before if nothing was taken
    changed();
    if (now.phase !== 'failed') await look();
  }
  /** @param {string} name Of the list; none for the reader's own. */
  const pick = (name) =>
    name || !mine
      ? take(name, async () => (folder ? folder.load(name) : (await pixels(addresses.get(name) ?? '')).rgb), name)
      : take(mine.name, async () => /** @type {Own} */ (mine).rgb);
  /** @param {Own} [one] The reader's own picture, for the next visit, too; or none. */
  async function remember(one) {
    mine = one;
    control('picture').lastElementChild.hidden = !one;
    the('keeps').hidden = !(await own.keep(one)) || !mine;
  }
  /** @param {File | null | undefined} one */
  const hand = (one) => one && guard(take(one.name.replace(/\.\w+$/, ''), () => read(one)));
  const snap = async () => {
    const dialog = /** @type {HTMLDialogElement} */ (el.querySelector('dialog'));
    the('camera').disabled = true; // one at a time
    const photo = await photograph(dialog).finally(() => Object.assign(the('camera'), { disabled: now.running }));
    the('camera').focus();
    if (photo) await take('photograph', async () => photo);
  };

  // The network

  let standing = Boolean(state.quick); // does the quick network stand in for the first one?
  /** @type {Network | undefined} */
  let better; // the first one, once it has come
  async function improve() {
    if (!standing) return;
    const [name] = state.networks;
    const hear = (/** @type {string} */ words) => standing && !now.running && happen('waiting', { words });
    better = await ask(name, hear).catch(() => undefined); // then the quick one goes on
    if (!standing && now.wanted !== name) better?.close?.();
    await look();
  }
  /** Let the first network take over: never in the middle of a run. */
  async function swap() {
    if (!better || !standing || now.running) return;
    standing = false;
    control('network').value = better.name;
    changed();
    await choose();
  }
  /** Load the chosen network. The previous one stays until then, and also if loading fails. */
  async function choose() {
    const [name, { network: before }] = [control('network').value, now];
    if (before?.name === name && now.wanted === name) return;
    happen('loading', { name });
    try {
      const network = before?.name === name ? before : await ask(name, (words) => happen('waiting', { words }));
      happen('loaded', { network });
      const over = now.network === network ? before : network; // another was chosen meanwhile
      if (over !== now.network) over?.close?.();
      const names = now.network?.labels.map(({ listed }) => listed).sort((a, b) => a.localeCompare(b, 'en')) ?? [];
      classes.replaceChildren(...names.map((name) => new Option(name)));
    } catch (error) {
      happen('unloaded', { name, error });
      control('network').value = now.wanted;
      changed();
    }
  }
  /** What the network says about what a run would begin with. */
  async function look() {
    if (!now.run && !now.stuck) await swap(); // what came of a run stays
    const [asked, { turn, network, phase }] = [beginning(now), now];
    if (!asked || !network || now.running || phase === 'loading') return;
    happen('looked', { turn, probabilities: await network.predict(asked) });
    if (now.settings.mode === 'sticker' && now.turn === turn) await stick();
  }

  // Steps

  /** The run that the controls ask for. @type {() => Run} */
  function asked() {
    const { settings, picture } = now;
    const [kind, target] = [settings.mode, wished()];
    if (target === undefined) throw new Error(`No class fits "${settings.target}". Try a different word.`);
    settle();
    const numbers = { target, epsilon: Number(settings.epsilon), steps: Number(settings[`steps-${kind}`]) };
    const words = { kind, name: picture?.name ?? '', method: settings.method, settings: query() };
    return { ...numbers, ...words, begun: 0, whole: false, frames: [], at: 0 };
  }
  let starting = false;
  /** From Start, or from where a run rests, to the next rest, the last step or Stop. @param {Run} [rested] */
  async function run(rested) {
    if (now.running || starting) return;
    const kind = now.settings.mode;
    starting = true;
    if (!rested) await swap();
    await choose();
    starting = false;
    const { network, settings } = now;
    const start = beginning(now);
    if (document.activeElement === document.body) the('start').focus({ preventScroll: true });
    if (settings.mode !== kind || (rested && rested !== now.run)) return look(); // the reader has changed their mind
    if (!network || !start || now.phase === 'loading') return;
    const stop = new AbortController();
    const about = { ...(rested ? { ...rested, whole: true } : asked()), begun: performance.now() };
    const { target, epsilon, steps, method } = about;
    const options = { epsilon, steps, method, seed: Number(settings.seed), signal: stop.signal };
    the('stop').disabled = false;
    the('stop').onclick = () => {
      the('stop').disabled = true; // the kernel may be busy
      stop.abort();
    };
    happen('start', { run: about });
    let error;
    try {
      await folder?.begin(about, start);
      for await (const frame of walk(network, kind, start, target, options)) {
        happen('frame', { frame, now: performance.now() });
        if (rests(/** @type {Run} */ (now.run))) break;
      }
    } catch (one) {
      if (one !== stop.signal.reason) error = one;
    }
    happen('ended', { error });
    if (folder) guard(folder.end(now.run?.frames.length ?? 0)); // the kernel may have gone one step further
    offer();
    if (kind !== 'trick' || !now.run || mine?.rgb !== start) return;
    const [was, is] = [now.run.frames[0], seen(now.run)].map((one) => top(network.labels, one.probabilities)[0].words);
    remember({ ...mine, after: seen(now.run).picture, says: [was, is] });
  }

  // The sticker

  /** @param {boolean} [held] Is it still being moved? */
  async function stick(held = false) {
    const kind = now.settings.sticker;
    const one = /** @type {Picture} */ (await stickers.get(kind));
    if (now.settings.mode !== 'sticker' || kind !== now.settings.sticker || !now.picture || !now.network) return;
    const picture = place(now.picture.rgb, one, board.at, Number(now.settings.size));
    happen('moved', { at: board.at, picture, kind, held });
    await answer();
  }
  const answer = latest(async () => {
    const { stuck, network } = now;
    if (!stuck || !network) return;
    happen('stuck', { move: stuck.move, probabilities: await network.predict(stuck.picture) });
    offer();
  });
  const board = new Board(
    the('onto'),
    () => Number(now.settings.size),
    (held) => guard(stick(held)),
  );

  // What comes of it

  const canvas = make('canvas', {});
  /** @type {Uint8ClampedArray} */
  let offered; // of what there is to keep, the picture in sight
  /** Offer what is seen, under its name. */
  function offer() {
    const picture = now.run ? seen(now.run).picture : now.stuck?.picture;
    if (!picture) return;
    offered = picture;
    draw(canvas, square(offered));
    Object.assign(the('save'), { href: canvas.toDataURL(), download: file(now) });
  }
  /** In Jupyter: into the reader's folder. */
  async function save() {
    const { kept, words } = await folder.save(offered, file(now));
    await list(control('picture').value);
    happen('said', { phase: 'saved', words, kept });
  }
  /** Read the saved picture back, and ask the network about it. */
  async function again() {
    const { kept, network } = now;
    if (!network) return;
    const [rgb, before] = [await folder.load(kept), offered];
    if (now.running) return;
    const [{ words }] = top(network.labels, await network.predict(rgb));
    const same = before.every((value, i) => value === rgb[i]);
    const how = same ? 'Every value is as it was saved.' : 'But its values are not what was saved.';
    happen('said', { phase: same ? 'same' : 'other', words: `Read back from images/${kept}.png: ${words}. ${how}` });
  }
  /** Whoever mounted the lab knows how. */
  const share = () =>
    canvas.toBlob((blob) => {
      const png = new File([/** @type {Blob} */ (blob)], file(now), { type: 'image/png' });
      const say = (/** @type {string} */ words) => happen('said', { phase: 'copied', words });
      const detail = { file: png, settings: now.run?.settings ?? query(), say };
      el.dispatchEvent(new CustomEvent('share', { detail }));
    });

  // The controls

  /** What is set, as a query. What doesn't belong to the mode is not in it. */
  const query = () => String(new URLSearchParams(/** @type {any} */ (new FormData(form))));
  const settings = () => {
    const names = [...form.elements].map((one) => /** @type {any} */ (one).name).filter(Boolean);
    return Object.fromEntries(names.map((name) => [name, control(name).value]));
  };
  function changed() {
    happen('set', { settings: settings() });
    const said = new URLSearchParams(query());
    if (standing) said.delete('network'); // the reader has not chosen it
    el.dispatchEvent(new CustomEvent('settings', { detail: String(said) }));
  }
  /** @type {() => number | undefined} The class that what is typed fits best. */
  const wished = () => search(now.network?.labels ?? [], control('target').value, 1)[0];
  /** Call it by its name, where that is known. */
  function settle() {
    const wish = now.network?.labels[wished() ?? -1];
    if (wish) control('target').value = wish.listed;
    changed();
  }
  /** @param {string} chosen The pictures there are, of which this one is selected. */
  async function list(chosen) {
    const names = folder ? await folder.names() : [...addresses.keys()];
    const options = names.map((/** @type {string} */ name) => new Option(name.replaceAll('_', ' '), name));
    control('picture').replaceChildren(...options, Object.assign(new Option('Yours', ''), { hidden: !mine }));
    control('picture').value = chosen;
  }
  control('method').replaceChildren(...Object.keys(METHODS).map((name) => new Option(name)));
  control('sticker').replaceChildren(...state.stickers.map(([name]) => new Option(name)));
  control('network').replaceChildren(...state.networks.map((name) => new Option(name)));
  await list('');
  control('picture').selectedIndex = 0;
  for (const [name, value] of Object.entries({ network: state.quick || state.networks[0], ...state.settings })) {
    const one = control(name) ?? {};
    const before = one.value;
    one.value = value;
    if (!one.value || one.validity?.valid === false) one.value = before; // where the control does not accept it
  }
  if (mine && !state.settings.picture) control('picture').value = '';
  now = initial(settings());
  show(now);
  el.hidden = false;
  changed();

  form.onsubmit = (event) => {
    event.preventDefault();
    if (now.settings.mode !== 'sticker') guard(run());
  };
  form.oninput = ({ target }) => {
    happen('set', { settings: settings() });
    if (target === control('sticker') || target === control('size')) guard(stick());
  };
  form.onchange = ({ target }) => {
    const { turn } = now;
    if (target === control('network')) standing = false; // it is the reader's choice
    if (target === control('target')) settle();
    else changed();
    if (target === control('picture')) guard(pick(control('picture').value));
    else if (target === control('network') || (now.settings.mode === 'sticker' && !now.network))
      guard(choose().then(look));
    else if (now.turn !== turn || (now.phase === 'looking' && !now.stuck)) guard(look());
  };
  classes.id = `classes-${performance.now()}`; // another lab may be on the page
  control('target').setAttribute('list', classes.id);
  the('on').onclick = () => guard(run(now.run));
  the('keeps').hidden = !mine;
  the('forget').onclick = () => guard(remember());
  // So that the browser can show what is invalid:
  the('fold').addEventListener('invalid', () => the('fold').toggleAttribute('open', true), true);
  the('own').onclick = () => {
    the('file').value = ''; // so that the same file can be chosen again
    the('file').click();
  };
  the('file').onchange = () => hand(the('file').files[0]);
  the('camera').hidden = !available;
  the('camera').onclick = () => guard(snap());
  the('moment').oninput = () => {
    happen('moment', { at: the('moment').valueAsNumber });
    offer();
  };
  the('save').onclick = (/** @type {Event} */ event) => {
    if (!folder) return; // then it is a link to the file
    event.preventDefault();
    guard(save());
  };
  the('again').hidden = !folder;
  the('again').onclick = () => guard(again());
  the('share').hidden = !state.shares;
  the('share').onclick = share;
  el.ondragover = (event) => {
    event.preventDefault();
    el.classList.add('dropping');
  };
  el.ondragleave = ({ relatedTarget }) =>
    el.contains(/** @type {Node} */ (relatedTarget)) || el.classList.remove('dropping');
  el.ondrop = (event) => {
    event.preventDefault();
    el.classList.remove('dropping');
    const error = new Error('That is not a file. Save the picture first, then drop the saved file here.');
    const [one] = event.dataTransfer?.files ?? [];
    if (one) hand(one);
    else happen('failed', { error });
  };
  el.tabIndex = -1; // so that what is pasted after a click comes here
  el.onpaste = (event) => hand(event.clipboardData?.files[0]);

  guard(pick(control('picture').value));
  if (state.eager || folder) guard(choose().then(look).then(improve));
  else happen('said', { phase: 'ready', words: 'Press Start.' });
}
