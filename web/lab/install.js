// Installs the site's service worker (sw.js). After the first visit, the front page and the pages that were opened open
// without a connection, and a network has threads where the host itself does not isolate its pages.

const SITE = new URL('../../', import.meta.url).href;
const SHARED = `${SITE}web/lab/shared.txt`; // the front page's files and those that all pages share, with checksums
const DONE = `${SHARED}?kept`; // the list whose files have all been kept
const PATIENCE = 4_000; // milliseconds. A network with one thread is better than one that never starts.

/**
 * Call it before anything else. On the first visit to a host that does not isolate its pages, a page that runs networks
 * is loaded once more, unless the reader has begun to use it: only then does it belong to the service worker. Where
 * there are no service workers (without https, in some private windows), nothing happens.
 * @param {boolean} threads Does the page run networks?
 */
export async function install(threads) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  // In a frame of another site, a browser refuses to say. So be it.
  const known = (await workers.getRegistration(SITE).catch(() => null))?.scope === SITE;
  const controlled = new Promise((resolve) => {
    if (workers.controller) resolve(true);
    workers.addEventListener('controllerchange', () => resolve(true));
    workers.register(`${SITE}sw.js`).catch(() => resolve(false)); // a browser that stores nothing
    setTimeout(() => resolve(false), PATIENCE);
  });
  let used = false;
  for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => (used = true), { once: true });
  // With a registration and no isolation, the reader has reloaded the page past the service worker.
  const again = threads && !self.crossOriginIsolated && !known && (await controlled);
  if (again && !used) {
    location.reload();
    await new Promise(() => {}); // the page ends here
  }
  controlled.then((is) => is && keep()).catch(() => {}); // the connection broke: the next page tries again
}

/** Once the page is there, fetch what it and the front page need and have not fetched themselves: sw.js keeps it. */
async function keep() {
  if (/** @type {any} */ (navigator).connection?.saveData) return; // then only what the reader opens is kept
  if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));
  const store = await caches.open('site');
  const lists = [fetch(SHARED), store.match(DONE)].map(async (one) => (await one)?.text());
  const [list = '', done] = await Promise.all(lists);
  if (list !== done) {
    for (const line of list.trimEnd().split('\n')) await fetch(SITE + line.replace(/^\S+ +/, ''));
    await store.put(DONE, new Response(list));
  }
  const fetched = performance.getEntriesByType('resource').map(({ name }) => name); // some before there was a sw.js
  const shown = [...document.images].map(({ src }) => src);
  const named = document.body.innerHTML.match(/[\w/]*\bislands\/\w+\.\w+/g) ?? []; // by islands that are still to come
  const later = named.map((name) => new URL(name, location.href).href);
  for (const address of new Set([location.href, ...fetched, ...shown, ...later])) {
    const mine = address.startsWith(SITE) && !address.endsWith('.plan');
    if (mine && !(await store.match(address, { ignoreSearch: true }))) await fetch(address);
  }
}
