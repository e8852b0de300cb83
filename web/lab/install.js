// Installs the service worker (sw.js): after the first visit the lab has threads, and opens without a connection.

const PATIENCE = 10_000; // milliseconds. A lab with one thread is better than one that never starts.

/**
 * Call it before anything else: on the first visit it loads the page again, which then belongs to the service worker.
 * Where there are none (without https, in some private windows) nothing happens.
 */
export async function install() {
  const workers = navigator.serviceWorker;
  // With a registration and no controller, the reader has reloaded the page past the service worker. So be it.
  if (!workers || workers.controller || (await workers.getRegistration(import.meta.url))) return;
  const isolated = self.crossOriginIsolated; // the host itself has done it, so nothing has to wait
  const changed = new Promise((resolve) => workers.addEventListener('controllerchange', () => resolve(true)));
  const waited = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const registered = workers.register(new URL('./sw.js', import.meta.url));
    if (isolated) return void registered.catch(() => {});
    await registered;
  } catch {
    return; // a browser that stores nothing
  }
  if (!(await Promise.race([changed, waited]))) return;
  location.reload();
  await new Promise(() => {}); // the page ends here
}
