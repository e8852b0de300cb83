// Installs the service worker (sw.js) where the host does not isolate the page: after the first visit the lab has
// threads, and opens without a connection.

const PATIENCE = 10_000; // milliseconds. A lab with one thread is better than one that never starts.

/**
 * Call it before anything else: on the first visit it loads the page again, which then belongs to the service worker.
 * Where the host has isolated the page itself, nothing is left behind; and where there are no service workers (without
 * https, in some private windows), nothing happens.
 */
export async function install() {
  const workers = navigator.serviceWorker;
  if (self.crossOriginIsolated || !workers || workers.controller) return;
  // With a registration and no controller, the reader has reloaded the page past the service worker. In a frame of
  // another site, a browser refuses to say. So be it.
  if (await workers.getRegistration(import.meta.url).catch(() => true)) return;
  const controlled = new Promise((resolve) => {
    workers.addEventListener('controllerchange', () => resolve(true));
    workers.register(new URL('./sw.js', import.meta.url)).catch(() => resolve(false)); // a browser that stores nothing
    setTimeout(() => resolve(false), PATIENCE);
  });
  if (!(await controlled)) return;
  location.reload();
  await new Promise(() => {}); // the page ends here
}
