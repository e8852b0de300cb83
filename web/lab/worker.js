// The worker that runs a network: loads its graph once, then answers one question after another (see web/graph.py).
import * as ort from './ort/ort.wasm.min.mjs';

/** @import { Row, Objective } from './network.js' */

const STORE = 'networks'; // in the browser's Cache API. The files' names have their checksums, so none is ever old.
const THREADS = 4; // more than these seldom help, and a phone has slow cores besides

/** @type {ort.InferenceSession} */
let session;
/** @type {Row} */
let row;
let cancelled = 0; // what was asked up to here is not answered any more

ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
// Threads share memory, which a browser allows only on pages that are isolated from other sites.
ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(THREADS, navigator.hardwareConcurrency) : 1;

self.onmessage = async ({ data }) => {
  if (data.kind === 'cancel') {
    cancelled = data.upTo;
    return;
  }
  // A question waits its turn as a task of its own, so that a `cancel` behind it is heard first.
  await new Promise((resolve) => setTimeout(resolve));
  queue = queue.then(() => answer(data));
};

/** @type {Promise<void>} */
let queue = Promise.resolve();

/** @param {any} data */
async function answer({ kind, id, ...what }) {
  if (id <= cancelled) return;
  try {
    const result = kind === 'load' ? await load(what.row) : await run(what.picture, what.objective);
    const arrays = typeof result === 'number' ? [] : Object.values(result).map((array) => array.buffer);
    self.postMessage({ id, answer: result }, { transfer: arrays });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Gives the number of threads.
 * @param {Row} network
 */
async function load(network) {
  row = network;
  const graph = await fetched(new URL(row.file, import.meta.url).href);
  session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'] });
  return ort.env.wasm.numThreads ?? 1;
}

/**
 * A file from the store, or else from the server, saying how much of it has come.
 * @param {string} address
 */
async function fetched(address) {
  const store = await globalThis.caches?.open(STORE).catch(() => null); // there is none without https, or in private
  const kept = await store?.match(address);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const response = await fetch(address);
  if (!response.ok || !response.body)
    throw new Error(`The network cannot be fetched: ${response.status}. Load the page again.`);
  const bytes = new Uint8Array(row.bytes);
  let done = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { value } = await reader.read();
    if (!value) break;
    if (done + value.length > bytes.length) break;
    bytes.set(value, done);
    done += value.length;
    self.postMessage({ progress: { done, all: row.bytes } });
  }
  if (done !== row.bytes) throw new Error('The network came incomplete. Load the page again.');
  // What was stored of another version would never be asked for again.
  const type = { headers: { 'Content-Type': 'application/octet-stream' } };
  await store?.put(address, new Response(bytes, type)).catch(() => {}); // a full disk is no reason to fail
  for (const { url } of (await store?.keys()) ?? []) {
    if (url !== address && versions(url) === versions(address)) await store?.delete(url);
  }
  return bytes;
}

/**
 * What all versions of a file share.
 * @type {(address: string) => string}
 */
const versions = (address) => address.replace(/-\w+\.onnx$/, '');

/**
 * @param {Uint8ClampedArray} picture
 * @param {Objective} objective
 */
async function run(picture, { inside = [], weight = 0, slope, channels }) {
  const mask = new Float32Array(row.classes);
  for (const one of inside) mask[one] = 1;
  const outputs = await session.run({
    picture: new ort.Tensor('float32', Float32Array.from(picture), [1, row.side, row.side, row.channels]),
    inside: each(mask),
    weight: new ort.Tensor('float32', [weight], [1]),
    slope: each(slope ?? new Float32Array(row.classes)),
    ...(row.inner ? { channels: each(channels ?? new Float32Array(row.inner)) } : {}),
  });
  // Copies: the arrays may lie in the memory of WebAssembly, which cannot be handed over.
  const copy = (/** @type {ort.Tensor} */ { data }) => Float32Array.from(/** @type {Float32Array} */ (data));
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, copy(tensor)]));
}

const each = (/** @type {Float32Array} */ array) => new ort.Tensor('float32', array, [1, array.length]);
