// In Jupyter: an island in a cell's output, whose questions the kernel answers with the real Caffe.

import { addStyle } from './elements.js';

/** @import { Ask, Kernel, Mount } from './figure.js' */
/** @import { Label } from './search.js' */

/**
 * A question to the widget's Python (tricknet/island.py), and bytes that go with it; the answer, and its bytes.
 * @typedef {(name: string, question: object, options: {buffers: ArrayBufferView[], signal: AbortSignal}) =>
 *   Promise<[any, DataView[]]>} Invoke
 */

const SLOW = 1000; // milliseconds, after which the reader hears why
const BUSY = 'The kernel is busy, and will answer when it has finished. If you have restarted it, run this cell again.';

// JupyterLab takes the arrow keys from the element that has the focus, unless that has this attribute. Ctrl-S still saves the notebook.
const free = (/** @type {KeyboardEvent} */ { target, ctrlKey, metaKey }) => {
  if (!(target instanceof Element) || !target.closest('.island')) return;
  target.toggleAttribute('data-lm-suppress-shortcuts', !ctrlKey && !metaKey);
};
addEventListener('keydown', free, { capture: true });

/**
 * @param {{get: (name: string) => any}} model The widget's: `module` and `state`.
 * @param {HTMLElement} el
 * @param {Invoke} invoke
 * @returns {Promise<() => void>} Ends it: nothing more is asked.
 */
export async function show(model, el, invoke) {
  const ended = new AbortController(); // until then, the kernel may take as long as it likes
  /** @type {Kernel} */
  const kernel = async (wait, question, buffers = []) => {
    const slow = setTimeout(wait, SLOW, BUSY);
    const [answer, bytes] = await invoke('answer', question, { buffers, signal: ended.signal });
    clearTimeout(slow);
    wait('');
    if (answer.error) throw new Error(answer.error);
    return [answer, bytes];
  };
  /** @type {Map<string, Label[]>} */
  const known = new Map(); // each network's labels
  /** @type {Ask} */
  const ask = async (network, wait) => {
    const labels = known.get(network) ?? (await kernel(wait, { network, kind: 'labels' }))[0].labels;
    known.set(network, labels);
    /** @type {(kind: string, what: object, arrays: (Uint8ClampedArray | Float32Array)[]) => Promise<[any, ...Float32Array[]]>} */
    const floats = async (kind, what, arrays) => {
      const question = { network, kind, fractions: arrays[0] instanceof Float32Array, ...what };
      const [answer, bytes] = await kernel(wait, question, arrays);
      const parts = bytes.map(({ buffer, byteOffset: at, byteLength }) => buffer.slice(at, at + byteLength));
      return [answer, ...parts.map((part) => new Float32Array(part))];
    };
    return {
      name: network,
      by: `${network} on Caffe`,
      labels,
      predict: async (picture) => (await floats('predict', {}, [picture]))[1],
      async gradient(picture, objective) {
        const target = 'target' in objective ? objective.target : null;
        const slope = 'slope' in objective ? [objective.slope] : [];
        const [, probabilities, gradient] = await floats('gradient', { target }, [picture, ...slope]);
        return { probabilities, gradient };
      },
      async activations(picture, layer) {
        const [{ shape }, values] = await floats('activations', { layer }, [picture]);
        return { values, shape };
      },
    };
  };
  /** @type {{mount: Mount}} */
  const { mount } = await import(`../${model.get('module')}.js`);
  const place = document.createElement('div');
  place.className = 'island';
  place.addEventListener('keydown', (event) => event.ctrlKey || event.metaKey || event.stopPropagation()); // or JupyterLab would take Enter, too
  await addStyle('islands.css');
  el.append(place);
  await mount(place, model.get('state'), Object.assign(ask, { kernel }));
  return () => ended.abort(new DOMException('The cell was run again.', 'AbortError'));
}
