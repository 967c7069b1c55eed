/// <reference lib="webworker" />
import { PrecacheController } from 'workbox-precaching';
import { createPartialResponse } from 'workbox-range-requests';
import { keptAddress, keptCache, type OfflineFiles } from './files.ts';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build. */
declare const __OFFLINE_FILES__: OfflineFiles;

const { app, further } = __OFFLINE_FILES__;
const base = self.registration.scope;
const precache = new PrecacheController();
precache.addToCacheList(app.map(({ path, revision }) => ({ url: new URL(path, base).href, revision })));
const kept = new Map(further.map((file) => [new URL(file.path, base).href, keptAddress(base, file)]));

self.addEventListener('install', (event) => {
  // A first visit has nothing to disturb. A later version waits until the page's user takes it.
  if (!self.registration.active) void self.skipWaiting();
  void precache.install(event);
});

self.addEventListener('activate', (event) => {
  void precache.activate(event);
  event.waitUntil(Promise.all([dropOldRevisions(), self.clients.claim()]));
});

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== self.location.origin) return;
  if (request.method !== 'GET' && request.method !== 'HEAD') return;
  event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const found = await held(request);
  if (!found) return isolated(await fetch(request));
  if (request.method === 'HEAD') return isolated(new Response(null, found));
  return isolated(request.headers.has('Range') ? await createPartialResponse(request, found) : found);
}

/** What this build's caches hold of a file. */
async function held(request: Request): Promise<Response | undefined> {
  const address = new URL(request.url);
  address.hash = '';
  // What stands behind a ? in a link to the page changes nothing of the page.
  if (request.mode === 'navigate') address.search = '';
  if (address.href === base) address.pathname += 'index.html';
  if (precache.getCacheKeyForURL(address.href)) return await precache.matchPrecache(address.href);
  const key = kept.get(address.href);
  return key ? await (await caches.open(keptCache)).match(key) : undefined;
}

/** Adds the headers of cross-origin isolation, which many static hosts cannot send and threads need. */
function isolated(response: Response): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function dropOldRevisions(): Promise<void> {
  const cache = await caches.open(keptCache);
  const current = new Set(kept.values());
  const old = (await cache.keys()).filter(({ url }) => !current.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
}
