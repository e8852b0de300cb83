// The classes by name, as tricknet/networks/labels.py finds them: forgiving, and best first.

/** @typedef {{listed: string, keys: string[]}} Label A row of labels.json: keys are all its names, simplified. */

const NO_FIT = 4;

/**
 * Up to `limit` indices that `text` may mean, best first; near names where nothing fits.
 * @param {Label[]} labels
 * @param {string} text
 */
export function search(labels, text, limit = 10) {
  if (/^\s*\d+\s*$/.test(text)) return labels[Number(text)] ? [Number(text)] : [];
  const query = simplify(text);
  if (!query) return [];
  const fits = labels.flatMap(({ keys }, index) => {
    const [best] = keys
      .map((key, i) => [quality(query, key, i === 0), Number(key !== keys[0]), key.length])
      .sort(order);
    return best[0] < NO_FIT ? [[...best, index]] : [];
  });
  if (fits.length) return last(fits.sort(order), limit);
  const near = alike(labels, query);
  const slips = near.filter(({ ratio, key }) => isSlip(query, key, ratio));
  return (slips.length ? slips : near).slice(0, limit).map(({ index }) => index);
}

/**
 * Lower case, without apostrophes and dots, hyphens as spaces.
 * @param {string} name
 */
const simplify = (name) => name.toLowerCase().replace(/['.]/g, '').replaceAll('-', ' ').split(/\s+/).join(' ').trim();

/** @type {(query: string, key: string, usual: boolean) => number} */
function quality(query, key, usual) {
  if (query === key) return usual ? 0 : 1;
  if (key.startsWith(query) || key.includes(` ${query}`)) return 2;
  return key.includes(query) ? 3 : NO_FIT;
}

/** @type {(a: number[], b: number[]) => number} */
const order = (a, b) => a.map((value, i) => value - b[i]).find(Boolean) ?? 0;

/** @type {(rows: number[][], limit: number) => number[]} */
const last = (rows, limit) => rows.slice(0, limit).map((row) => row[row.length - 1]);

/**
 * Is `query` surely meant to be this name, but for letters left out or one wrong?
 * @type {(query: string, key: string, ratio: number) => boolean}
 */
function isSlip(query, key, ratio) {
  const matching = Math.round((ratio * (query.length + key.length)) / 2);
  return key[0] === query[0] && ratio >= (matching === query.length ? 0.75 : 0.85);
}

/**
 * The labels with a name spelt a little like `query`, best first.
 * @param {Label[]} labels
 * @param {string} query
 */
function alike(labels, query) {
  const found = labels.map(({ keys }, index) => {
    let best = { ratio: 0.5, key: '', index };
    for (const key of keys) {
      if (ratioOf(shared(key, query), key, query) <= best.ratio) continue; // it can only be less
      const ratio = ratioOf(matching(key, query), key, query);
      if (ratio > best.ratio || (ratio === best.ratio && key > best.key)) best = { ratio, key, index };
    }
    return best;
  });
  return found.filter(({ key }) => key).sort((a, b) => b.ratio - a.ratio || a.index - b.index);
}

/** @type {(matches: number, a: string, b: string) => number} */
const ratioOf = (matches, a, b) => (2 * matches) / (a.length + b.length);

/**
 * How many letters two words share, in any order.
 * @type {(a: string, b: string) => number}
 */
function shared(a, b) {
  const left = [...b];
  return [...a].filter((letter) => left.includes(letter) && left.splice(left.indexOf(letter), 1)).length;
}

/**
 * How many letters of two words match in order, by Ratcliff and Obershelp: the longest run, then the same on either side.
 * @type {(a: string, b: string) => number}
 */
function matching(a, b) {
  let [size, i, j] = [0, 0, 0];
  for (let x = 0; x < a.length; x++) {
    for (let y = 0; y < b.length; y++) {
      let run = 0;
      while (x + run < a.length && a[x + run] === b[y + run]) run++;
      if (run > size) [size, i, j] = [run, x, y];
    }
  }
  if (!size) return 0;
  return size + matching(a.slice(0, i), b.slice(0, j)) + matching(a.slice(i + size), b.slice(j + size));
}
