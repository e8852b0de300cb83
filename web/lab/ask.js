// On a page: an island's questions are answered by networks in workers, which the reader's browser fetches and runs.
import { megabytes } from '../../islands/parts/words.js';
import { load } from './network.js';
import { stored } from './store.js';

/** @import { Ask } from '../../islands/parts/figure.js' */
/** @import { Row } from './network.js' */

/** @type {(name: string) => Promise<any>} */
const table = async (name) => {
  const response = await fetch(new URL(name, import.meta.url)).catch(() => null);
  if (!response?.ok) throw new Error("A list of this site's networks or classes cannot be fetched. Try again later.");
  return response.json();
};
/** @type {Promise<Row[]> | undefined} */
let listed;
/** The networks that there are: asked for once a page, and again if that fails. */
export const rows = () => {
  listed ??= table('networks.json');
  listed.catch(() => {
    listed = undefined;
  });
  return listed;
};

/** @type {(name: string) => Promise<Row>} */
const rowOf = async (name) => {
  const row = (await rows()).find((one) => one.name === name);
  if (!row) throw new Error(`This site has no ${name}.`);
  return row;
};
/** @type {(name: string) => Promise<boolean>} Has the browser's store this network's file? */
export const kept = async (name) => Boolean(await stored(await rowOf(name)));

/** @type {(name: string, waits: Set<(words: string) => void>) => ReturnType<Ask>} */
async function begin(name, waits) {
  const row = await rowOf(name);
  const tell = (/** @type {string} */ words) => {
    for (const wait of waits) wait(words);
  };
  const heard = (/** @type {number} */ done, /** @type {number} */ all) =>
    tell(`Loading ${name}: ${megabytes(done)} of ${megabytes(all)} MB.`);
  const [network, labels] = await Promise.all([load(row, heard), table(row.labels)]).finally(() => tell(''));
  const close = () => {
    loaded.delete(name);
    network.close();
  };
  return { ...network, name, by: `${name}, ${row.weights}`, labels, close };
}
/** @type {Map<string, {network: ReturnType<Ask>, waits: Set<(words: string) => void>}>} */
const loaded = new Map();

/** @type {Ask} Each network is loaded once a page. Whoever waits for it hears how it is coming along. */
export const ask = (name, wait) => {
  const before = loaded.get(name);
  const waits = before?.waits ?? new Set();
  waits.add(wait);
  if (before) return before.network;
  const network = begin(name, waits);
  loaded.set(name, { network, waits });
  network.catch(() => loaded.delete(name)); // so that it can be tried again
  return network;
};

/** @type {(names: string[]) => Promise<string>} What it takes to ask these networks. */
export async function cost(names) {
  const asked = (await rows()).filter(({ name }) => names.includes(name));
  const bytes = asked.reduce((sum, row) => sum + row.bytes, 0);
  const [what, it] = names.length > 1 ? [names.join(' and '), 'them'] : ['the network', 'it'];
  const price = `Your browser fetches ${what} (${megabytes(bytes)} MB, once) and runs ${it}. It sends nothing.`;
  if (asked.every(({ weights }) => weights === 'exact')) return price;
  return `${price} The network's weights are in half precision here, so the last digits of its answers may differ from the lesson's.`;
}
