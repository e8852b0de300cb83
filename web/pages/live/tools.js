// What the live figures share: choices, pictures, the lab's networks, and the words for an answer.

import { megabytes, percent } from '../../../islands/parts/elements.js';
import { Network } from '../../lab/network.js';

/** @import { Row } from '../../lab/network.js' */

/** How the live GoogLeNet differs from the one that made the stored figures. */
const HALF =
  "GoogLeNet's weights are in half precision here, so the last digits of its answers may differ from the lesson's.";

/** Where the lab's files are. */
export const LAB = new URL('../../lab/', import.meta.url);

/** @type {(name: string, ending?: string) => string} The address of what starts.py has stored. */
export const stored = (name, ending = 'png') => new URL(`live/${name}.${ending}`, LAB).href;

/** @param {string} name */
const table = async (name) => (await fetch(new URL(name, LAB))).json();

/** @type {(...names: string[]) => Promise<string>} What it takes to ask these networks: the end of a sentence. */
export async function cost(...names) {
  const rows = /** @type {Row[]} */ (await table('networks.json'));
  const bytes = rows.reduce((sum, row) => sum + (names.includes(row.name) ? row.bytes : 0), 0);
  return `and your browser fetches the network (${megabytes(bytes)} MB, once) and computes. It sends nothing.`;
}

/** @type {Map<string, Promise<Network>>} */
const loaded = new Map();

/**
 * A network of the lab, loaded once a page.
 * @param {string} name
 * @param {(words: string) => void} say Hears how much has come.
 */
export function network(name, say) {
  const load = async () => {
    const rows = /** @type {Row[]} */ (await table('networks.json'));
    const row = rows.find((one) => one.name === name);
    if (!row) throw new Error(`This site has no ${name}.`);
    return Network.load(row, (done, all) => say(`Loading ${name}: ${megabytes(done)} of ${megabytes(all)} MB.`));
  };
  const coming = loaded.get(name) ?? load();
  loaded.set(name, coming);
  coming.catch(() => loaded.delete(name)); // so that it can be tried again
  return coming;
}

/**
 * GoogLeNet and the names of its classes.
 * @param {(words: string) => void} say Hears how much has come, and then `note`.
 * @param {string} note
 */
export async function googlenet(say, note) {
  const before = loaded.has('GoogLeNet');
  const [model, rows] = await Promise.all([network('GoogLeNet', say), table('labels.json')]);
  if (!before) say(`${note} ${HALF}`);
  return { model, names: /** @type {string[]} */ (rows.map((/** @type {{listed: string}} */ { listed }) => listed)) };
}

/** @type {(probabilities: Float32Array, names: string[]) => string} The first answer in words: "vulture 100.0%". */
export function first(probabilities, names) {
  const index = probabilities.indexOf(Math.max(...probabilities));
  return `${names[index]} ${percent(probabilities[index])}`;
}
