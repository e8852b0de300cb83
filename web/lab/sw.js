// The lab's service worker. It does what some hosts cannot, and what none can:
// - threads: it adds the headers that isolate the page from other sites, without which a browser shares no memory;
// - offline: it keeps each file as it came last, and gives it where the host cannot be reached.
// A host that answers is always asked first, so a new version of the lab is seen at once.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const STORE = 'lab';
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

worker.oninstall = () => worker.skipWaiting(); // it keeps nothing in mind, so the next one may take over at any time
worker.onactivate = (event) => event.waitUntil(worker.clients.claim());

worker.onfetch = (event) => {
  const { method, url } = event.request;
  const mine = method === 'GET' && url.startsWith(worker.registration.scope);
  // The networks have a store of their own, in worker.js, which shows how much has come.
  if (mine && !url.startsWith(`${worker.registration.scope}models/`)) event.respondWith(answer(event));
};

/** @param {FetchEvent} event */
async function answer(event) {
  const store = await caches.open(STORE);
  const kept = await store.match(event.request, { ignoreSearch: true });
  const response = await fetch(event.request).catch(() => kept ?? Response.error());
  if (response === kept || response.type !== 'basic' || response.status !== 200) return response;
  const { body, headers } = response;
  const answer = new Response(body, { headers: { ...Object.fromEntries(headers), ...ISOLATION } });
  // A full disk is no reason to fail.
  if (!same(kept, answer)) event.waitUntil(store.put(event.request, answer.clone()).catch(() => {}));
  return answer;
}

/** @type {(kept: Response | undefined, come: Response) => boolean} */
function same(kept, come) {
  const mark = (/** @type {Response} */ { headers }) => headers.get('ETag') ?? headers.get('Last-Modified');
  return Boolean(kept && mark(come) && mark(kept) === mark(come));
}
