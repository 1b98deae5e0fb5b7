/**
 * Our service worker: small enough to be read in one go.
 *
 * - The shell (page, script, styles, icons) is fetched as a whole at installation, so that it always fits together.
 * - Hashed assets (the map's chunk) never change: from the cache, else from the network and kept.
 * - Tiles: from the network if it answers in time (the server knows by ETag whether they changed),
 *   else the last ones known.
 * - A push shows a notification: once for each version of a thing, and says so to the city.
 * - Everything else (API, admin, sign-in, sockets) is none of our business: an API answer must
 *   never come out of a cache and look live.
 */
import { showOnce, type Push, type Seen } from './push';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
/** Filled in by the build: the files of the shell, and a version made of their contents. */
declare const __SHELL__: { version: string; urls: string[] };

const { version, urls } = __SHELL__;
const SHELL = `shell-${version}`;
const ASSETS = 'assets';
const TILES = 'tiles';
const TILES_KEPT = 1500;
const TILE_PATIENCE_MS = 2500;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  const order = event.data as 'take-over' | { keep: string[] };
  if (order === 'take-over') void worker.skipWaiting();
  else event.waitUntil(keep(order.keep));
});
worker.addEventListener('fetch', (event) => {
  const answer = route(event.request);
  if (answer) event.respondWith(answer());
});

worker.addEventListener('push', (event) => event.waitUntil(takePush(event.data?.json() as Push)));
worker.addEventListener('notificationclick', (event) => event.waitUntil(openPush(event)));

async function install(): Promise<void> {
  const cache = await caches.open(SHELL);
  await cache.addAll(urls.map((url) => new Request(url, { cache: 'reload' })));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  const outdated = names.filter((name) => name.startsWith('shell-') && name !== SHELL);
  await Promise.all(outdated.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

function route(request: Request): (() => Promise<Response>) | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return undefined;
  if (request.mode === 'navigate') {
    return url.pathname === '/' ? () => fromShell('/') : undefined;
  }
  if (urls.includes(url.pathname)) return () => fromShell(url.pathname);
  if (url.pathname.startsWith('/assets/')) return () => fromCacheFirst(request);
  if (url.pathname.startsWith('/tiles/')) return () => tile(request);
  return undefined;
}

async function fromShell(path: string): Promise<Response> {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? fetch(path);
}

async function fromCacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(ASSETS);
  const known = await cache.match(request);
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

/** What the page loaded before we were there; mostly still in the browser's own cache. */
async function keep(paths: readonly string[]): Promise<void> {
  const requests = paths.map((path) => new Request(path, { cache: 'force-cache' }));
  await Promise.allSettled(requests.map((request) => route(request)?.()));
}

async function tile(request: Request): Promise<Response> {
  const cache = await caches.open(TILES);
  const known = await cache.match(request);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) {
      await cache.put(request, answer.clone());
      await forgetOldest(cache);
    }
    return answer;
  });
  if (!known) return fresh;
  return Promise.race([fresh, after(TILE_PATIENCE_MS, known)]).catch(() => known);
}

function after<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), milliseconds));
}

/** Keys come in the order they were first put; one tile in fifty pays for the count. */
async function forgetOldest(cache: Cache): Promise<void> {
  if (Math.random() > 0.02) return;
  const keys = await cache.keys();
  await Promise.all(
    keys.slice(0, Math.max(0, keys.length - TILES_KEPT)).map((key) => cache.delete(key)),
  );
}

const SEEN = 'seen-pushes';

const seen: Seen = {
  async last(tag) {
    const kept = await (await caches.open(SEEN)).match(keyOf(tag));
    return Number((await kept?.text()) ?? 0);
  },
  async note(tag, version) {
    await (await caches.open(SEEN)).put(keyOf(tag), new Response(String(version)));
  },
};

const keyOf = (tag: string): string => `/${encodeURIComponent(tag)}`;

async function takePush(push: Push): Promise<void> {
  await tellCity(push, 'received');
  if (await showOnce(push, seen, showPush)) await tellCity(push, 'shown');
}

async function showPush(push: Push): Promise<void> {
  await worker.registration.showNotification(push.title, {
    body: push.body,
    tag: push.tag,
    lang: push.language,
    requireInteraction: push.critical,
    data: push,
    icon: '/icons/icon-192.png',
  });
}

async function openPush(event: NotificationEvent): Promise<void> {
  event.notification.close();
  const push = event.notification.data as Push;
  await tellCity(push, 'acknowledged');
  const [open] = await worker.clients.matchAll({ type: 'window' });
  if (open) await open.focus();
  else await worker.clients.openWindow(push.link || '/');
}

async function tellCity(push: Push, stage: string): Promise<void> {
  const kept = await (await caches.open('registration')).match('/registration');
  if (!kept) return;
  const { code, secret } = (await kept.json()) as { code: string; secret: string };
  await fetch('/api/v1/notify/receipts', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Registration-Secret': secret },
    body: JSON.stringify({ registration: code, telling: push.telling, stage }),
  }).catch(() => undefined);
}
