// Finds classes by name: those that have what was typed in a name, or else those that share most pairs of letters with it.

/** @typedef {{listed: string, keys: string[]}} Label A row of labels.json: keys are all its names, simplified. */

/** @type {(labels: Label[], text: string, limit?: number) => number[]} The indices that a text may mean, best first. */
export function search(labels, text, limit = 10) {
  if (/^\s*\d+\s*$/.test(text)) return labels[Number(text)] ? [Number(text)] : [];
  const query = text.toLowerCase().replace(/['.]/g, '').replaceAll('-', ' ').split(/\s+/).join(' ').trim();
  if (!query) return [];
  const fits = rank(labels, (key) => {
    if (key === query) return 3;
    return ` ${key}`.includes(` ${query}`) ? 2 : Number(key.includes(query));
  });
  const near = () => rank(labels, (key) => Math.max(...[key, ...key.split(' ')].map((word) => likeness(word, query))));
  return (fits.length ? fits : near()).slice(0, limit);
}

/**
 * The indices of the labels with a score, best first. Usual and short names come before others that are as good.
 * @type {(labels: Label[], score: (key: string) => number) => number[]}
 */
function rank(labels, score) {
  const best = labels.map(({ keys }) =>
    Math.max(...keys.map((key, i) => score(key) && score(key) - (i ? 0.1 : 0) - key.length / 1000)),
  );
  return [...labels.keys()].filter((i) => best[i] > 0.3).sort((i, j) => best[j] - best[i]);
}

/**
 * The share of two words' pairs of neighbouring letters that both have: Dice's coefficient.
 * @type {(a: string, b: string) => number}
 */
function likeness(a, b) {
  const [some, others] = [a, b].map((word) => new Set([...word].slice(1).map((letter, i) => word[i] + letter)));
  return (2 * [...some].filter((pair) => others.has(pair)).length) / (some.size + others.size || 1);
}
