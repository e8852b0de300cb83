// The worker that runs a network: loads its plan once, then answers one question after another.
import { climb } from '../../islands/parts/ways.js';
import { Engine, memoryFor } from './engine.js';

/** @import { Asked, Frame } from '../../islands/parts/attack.js' */
/** @import { Row } from './network.js' */

const STORE = 'networks'; // in the browser's Cache API. The files' names have their checksums, so none is ever old.
const THREADS = 4; // more than these seldom help, and a phone has slow cores besides

/** @type {Engine} */
let engine;
/** @type {Row} */
let row;

/** @type {Map<number, AsyncGenerator<Frame>>} */
const climbs = new Map(); // by the numbers of the questions that began them

/** @type {Record<string, (what: any) => unknown>} What the page asks (network.js), by its kind. */
const ANSWERS = {
  load: ({ row }) => load(row),
  predict: ({ picture }) => ({ probabilities: Float32Array.from(engine.forward(picture)) }),
  gradient: ({ picture, objective }) => engine.gradient(picture, objective),
  activations: ({ picture, layer }) => engine.activations(picture, layer),
  climb({ id, way, start, target, options }) {
    climbs.set(id, climb(interrupted(id), way, start, target, options));
  },
  next: (what) => climbs.get(what.climb)?.next() ?? ENDED,
  end(what) {
    climbs.delete(what.climb);
    return ENDED;
  },
};
const ENDED = { done: true, value: undefined };

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
    predict: (picture) => pause().then(() => Float32Array.from(engine.forward(picture))),
    gradient: (picture, objective) => pause().then(() => engine.gradient(picture, objective)),
  };
}

/** @type {(network: Row) => Promise<number>} Gives the number of threads. */
async function load(network) {
  row = network;
  const [module, file] = await Promise.all([compiled(), fetched(new URL(row.file, import.meta.url).href)]);
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
  engine = new Engine(module, row, file, { memory, threads });
  return threads;
}

/** The engine: with relaxed SIMD if the browser has it, and otherwise without. */
async function compiled() {
  const from = async (/** @type {string} */ name) =>
    WebAssembly.compile(await (await fetch(new URL(name, import.meta.url))).arrayBuffer());
  return from('engine-relaxed-simd.wasm').catch(() => from('engine-simd128.wasm'));
}

/**
 * A file from the store, or else from the server, saying how much of it has come.
 * @param {string} address
 */
async function fetched(address) {
  const store = await globalThis.caches?.open(STORE).catch(() => null); // there is none without https, or in private
  const kept = await store?.match(address);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const response = await fetch(address).catch(() => null);
  if (!response?.ok || !response.body) {
    const why = response ? `Its host says ${response.status}` : 'Its host cannot be reached';
    throw new Error(`${row.name} cannot be fetched. ${why}: try again later.`);
  }
  const bytes = new Uint8Array(row.bytes);
  let done = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { value } = await reader.read().catch(() => ({ value: undefined })); // the connection has broken
    if (!value || done + value.length > bytes.length) break;
    bytes.set(value, done);
    done += value.length;
    self.postMessage({ progress: done });
  }
  if (done !== row.bytes) throw new Error(`Only part of ${row.name} has arrived. Try again.`);
  // What was stored of another version would never be asked for again.
  const type = { headers: { 'Content-Type': 'application/octet-stream' } };
  await store?.put(address, new Response(bytes, type)).catch(() => {}); // a full disk is no reason to fail
  for (const { url } of (await store?.keys()) ?? []) {
    if (url !== address && versions(url) === versions(address)) await store?.delete(url);
  }
  return bytes;
}

/** @type {(address: string) => string} What all versions of a file share. */
const versions = (address) => address.replace(/-\w+\.plan$/, '');
