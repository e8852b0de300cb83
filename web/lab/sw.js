// The site's service worker, which lies at the site's top. It does what some hosts cannot, and what none can:
// - threads: it adds the headers that isolate the page from other sites, without which a browser shares no memory;
// - offline: it keeps each file as it came last, and gives it where the host cannot be reached.
// A host that answers is always asked first, so a new version of the site is seen at once.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const STORE = 'site';
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const UNREAD = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Offline</title>
<style>:root { color-scheme: light dark; background: light-dark(#fff, #16181b); color: light-dark(#1c1e21, #e6e6e6) } body { max-width: 34rem; margin: 20vh auto; padding: 0 1rem; font: 1.125rem / 1.6 system-ui, sans-serif } a { color: light-dark(#b84a00, #ff9a52) }</style>
<main><h1>The site's host cannot be reached</h1><p>You have not opened this page before.
<p><a href="${worker.registration.scope}">The front page</a> works without a connection, and so does each page that you have opened.`;

worker.oninstall = () => worker.skipWaiting(); // it remembers nothing, so the next one may take over at any time
worker.onactivate = (event) => event.waitUntil(worker.clients.claim());

worker.onfetch = (event) => {
  const { method, url } = event.request;
  const mine = method === 'GET' && url.startsWith(worker.registration.scope);
  // The networks have a store of their own, in store.js, which tells how much has come.
  if (mine && !url.endsWith('.plan')) event.respondWith(answer(event));
};

/** @param {FetchEvent} event */
async function answer(event) {
  const { url, mode } = event.request;
  // A query may be a secret, or a link's settings. A folder is its index.html.
  const place = url.replace(/[?#].*/s, '').replace(/\/index\.html$/, '/');
  // By address, and always from the host: the browser's own cache might think a file new for days.
  const response = await fetch(url, { cache: 'no-cache' }).catch(() => null);
  if (!response) {
    const kept = await caches.match(place);
    const page = mode === 'navigate';
    return kept ?? (page ? new Response(UNREAD, { headers: { 'Content-Type': 'text/html' } }) : Response.error());
  }
  if (response.redirected) return Response.redirect(response.url); // Jupyter wants its token
  if (response.status !== 200) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value); // the host may have sent them
  headers.set('Cache-Control', 'no-cache'); // or a tab's own memory would mix two versions of the site
  const answer = new Response(response.body, { headers });
  const copy = answer.clone();
  const keep = async () => (await caches.open(STORE)).put(place, copy);
  event.waitUntil(keep().catch(() => {})); // a full disk is no reason to fail
  return answer;
}
