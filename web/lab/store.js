// The networks' files: in the browser's Cache API, once they have come. Their names have their checksums, so none is ever old.

/** @import { Row } from './network.js' */

const PATIENCE = 15_000; // milliseconds

/** Nothing, if it takes too long or fails. @type {<T>(work: Promise<T>) => Promise<T | undefined>} */
const within = (work) =>
  Promise.race([work.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);

/** @type {(row: Row) => string} */
const addressOf = ({ file }) => new URL(file, import.meta.url).href;

const opened = () => globalThis.caches?.open('networks').catch(() => null); // there is none without https, or in private

/** A network's file as it was kept. @type {(row: Row) => Promise<Response | undefined>} */
export const stored = async (row) => (await opened())?.match(addressOf(row));

/**
 * A network's file from the store, or else from the server, saying how many of its bytes have come.
 * @param {Row} row
 * @param {(done: number, all: number) => void} progress
 */
export async function fetched(row, progress) {
  const address = addressOf(row);
  const kept = await stored(row);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const response = await within(fetch(address));
  if (!response?.ok || !response.body) {
    const why = response ? `Its host says ${response.status}` : 'Its host cannot be reached';
    throw new Error(`${row.name} cannot be fetched. ${why}: try again later.`);
  }
  const bytes = new Uint8Array(row.bytes);
  let done = 0;
  const reader = response.body.getReader();
  for (;;) {
    const value = (await within(reader.read()))?.value;
    if (!value || done + value.length > bytes.length) break; // or the connection has broken
    bytes.set(value, done);
    done += value.length;
    progress(done, row.bytes);
  }
  reader.cancel().catch(() => {}); // of one that has stalled, nothing is wanted any more
  if (done !== row.bytes) throw new Error(`Only part of ${row.name} has arrived. Try again.`);
  // What was stored of another version would never be asked for again.
  const store = await opened();
  const type = { headers: { 'Content-Type': 'application/octet-stream' } };
  await store?.put(address, new Response(bytes, type)).catch(() => {}); // a full disk is no reason to fail
  for (const { url } of (await store?.keys()) ?? []) {
    if (url !== address && versions(url) === versions(address)) await store?.delete(url);
  }
  return bytes;
}

/** @type {(address: string) => string} What all versions of a file share. */
const versions = (address) => address.replace(/-\w+\.plan$/, '');
