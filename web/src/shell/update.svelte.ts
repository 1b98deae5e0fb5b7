/** The service worker: installed after the first screen stands; a new version waits to be taken. */

class Update {
  isReady = $state(false);
  private waiting: ServiceWorker | undefined;

  offer(worker: ServiceWorker): void {
    this.waiting = worker;
    this.isReady = true;
  }

  take(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    this.waiting?.postMessage('take-over');
  }
}

export const update = new Update();

export async function install(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    watch(await navigator.serviceWorker.register('/sw.js'));
  } catch {
    // Private windows and plain HTTP have none: the app works without.
  }
}

/**
 * Have the service worker keep what was loaded before it stood: on the first visit it comes too
 * late to see the map's chunk and tiles go by.
 */
export async function keep(paths: readonly string[]): Promise<void> {
  if (!import.meta.env.PROD || wasControlled || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.ready;
  registration.active?.postMessage({ keep: paths });
}

const wasControlled = Boolean(navigator.serviceWorker?.controller);

export function loadedAssets(): string[] {
  return performance
    .getEntriesByType('resource')
    .map((entry) => new URL(entry.name))
    .filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'))
    .map((url) => url.pathname);
}

function watch(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) update.offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      const isUpdate = navigator.serviceWorker.controller !== null;
      if (worker.state === 'installed' && isUpdate) update.offer(worker);
    });
  });
}
