// The lab's service worker. It does what some hosts cannot, and what none can:
// - threads: it adds the headers that isolate the page from other sites, without which a browser shares no memory;
// - offline: it keeps each file as it came last, and gives it where the host cannot be reached.
// A host that answers is always asked first, so a new version of the lab is seen at once.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const STORE = 'lab';
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

worker.oninstall = () => worker.skipWaiting(); // it remembers nothing, so the next one may take over at any time
worker.onactivate = (event) => event.waitUntil(worker.clients.claim());

worker.onfetch = (event) => {
  const { method, url } = event.request;
  const mine = method === 'GET' && url.startsWith(`${worker.location.origin}/`); // the site's looks are outside the lab
  // The networks have a store of their own, in worker.js, which shows how much has come.
  if (mine && !url.startsWith(`${worker.registration.scope}models/`)) event.respondWith(answer(event));
};

/** @param {FetchEvent} event */
async function answer(event) {
  const { request } = event;
  const store = await caches.open(STORE);
  const kept = await store.match(request, { ignoreSearch: true });
  // By address, and always from the host: the browser's own cache might think a file new for days.
  const asked = fetch(request.url, { cache: 'no-cache' });
  const response = await asked.catch(() => kept ?? Response.error());
  if (response.redirected) return Response.redirect(response.url); // Jupyter wants its token
  if (response === kept || response.status !== 200) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value); // the host may have sent them
  headers.set('Cache-Control', 'no-cache'); // or a tab's own memory would mix two versions of the lab
  const answer = new Response(response.body, { headers });
  const { origin, pathname } = new URL(request.url); // a query may be a secret, or a link's settings
  event.waitUntil(store.put(origin + pathname, answer.clone()).catch(() => {})); // a full disk is no reason to fail
  return answer;
}
