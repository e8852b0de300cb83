// Finds classes by name: those that have what was typed in a name.

/** @typedef {{listed: string, keys: string[]}} Label A row of labels.json: keys are all its names, simplified. */

/** @type {(labels: Label[], text: string, limit?: number) => number[]} The indices that a text may mean, best first. */
export function search(labels, text, limit = 10) {
  if (/^\s*\d+\s*$/.test(text)) return labels[Number(text)] ? [Number(text)] : [];
  const query = text.toLowerCase().replace(/['.]/g, '').replaceAll('-', ' ').split(/\s+/).join(' ').trim();
  if (!query) return [];
  const fit = (/** @type {string} */ key) => {
    if (key === query) return 3;
    return ` ${key}`.includes(` ${query}`) ? 2 : Number(key.includes(query));
  };
  // Usual and short names come before others that fit as well.
  const best = labels.map(({ keys }) =>
    Math.max(...keys.map((key, i) => fit(key) - (i ? 0.1 : 0) - key.length / 1000)),
  );
  return [...labels.keys()]
    .filter((i) => best[i] > 0)
    .sort((i, j) => best[j] - best[i])
    .slice(0, limit);
}
