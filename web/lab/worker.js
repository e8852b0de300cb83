// The worker that runs a network: starts its engine once, then answers one question after another.
import { climb } from '../../islands/parts/ways.js';
import { Engine, memoryFor } from './engine.js';

/** @import { Asked, Frame } from '../../islands/parts/attack.js' */
/** @import { Row } from './network.js' */

const THREADS = 4; // more than these seldom help, and a phone has slow cores besides

/** @type {(file: Uint8Array) => Engine} */
let filled; // once its memory and its threads are there
/** @type {Engine} */
let engine;
/** @type {Map<number, AsyncGenerator<Frame>>} */
const climbs = new Map(); // by the numbers of the questions that began them

/** @type {Record<string, (what: any) => unknown>} What the page asks (network.js), by its kind. */
const ANSWERS = {
  start: ({ row }) => start(row),
  load({ file }) {
    engine = filled(file);
  },
  predict: ({ picture }) => engine.predict(picture),
  gradient: ({ picture, objective }) => engine.gradient(picture, objective),
  activations: ({ picture, layer }) => engine.activations(picture, layer),
  climb({ id, way, start, target, options }) {
    climbs.set(id, climb(interrupted(id), way, start, target, options));
  },
  next: (what) => climbs.get(what.climb)?.next(),
  end: (what) => climbs.delete(what.climb),
};

self.onmessage = async ({ data }) => {
  const { id, kind } = data;
  try {
    self.postMessage({ id, answer: await ANSWERS[kind](data) });
  } catch (error) {
    self.postMessage({ id, error });
  }
};

/** @type {(id: number) => Asked} The network, for a climb that hears, before each answer, what the page has asked meanwhile. */
function interrupted(id) {
  const pause = async () => {
    const { port1, port2 } = new MessageChannel(); // a timeout would take milliseconds
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage('');
    });
    port1.close();
    if (!climbs.has(id)) throw new DOMException('Stopped.', 'AbortError');
  };
  return {
    predict: (picture) => pause().then(() => engine.predict(picture)),
    gradient: (picture, objective) => pause().then(() => engine.gradient(picture, objective)),
  };
}

/** @type {(row: Row) => Promise<number>} Makes all that a network needs but its file. Gives the number of threads. */
async function start(row) {
  const module = await compiled();
  // Threads share memory, which a browser allows only on pages that are isolated from other sites.
  const threads = self.crossOriginIsolated ? Math.min(THREADS, navigator.hardwareConcurrency) : 1;
  const memory = memoryFor(row, threads);
  const others = Array.from({ length: threads - 1 }, (_, i) => {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
    worker.postMessage({ module, memory, which: { plan: row, me: i + 1, threads } });
    return new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = () => reject(new Error('A thread of the network did not start. Load the page again.'));
    });
  });
  await Promise.all(others);
  filled = (file) => new Engine(module, row, file, { memory, threads });
  return threads;
}

/** The engine: with relaxed SIMD if the browser has it, and otherwise without. */
async function compiled() {
  const from = async (/** @type {string} */ name) =>
    WebAssembly.compile(await (await fetch(new URL(name, import.meta.url))).arrayBuffer());
  return from('engine-relaxed-simd.wasm').catch(() => from('engine-simd128.wasm'));
}
