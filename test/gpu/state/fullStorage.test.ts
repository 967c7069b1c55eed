import { createStore } from 'idb-keyval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { sha256 } from '../../../src/base/sha256.ts';
import { isFull, putInCache, putRecord } from '../../../src/lab/cache/writes.ts';
import { markKept, noticeCleared, useCleared } from '../../../src/state/keptMark.ts';
import { keepOffline, useOffline } from '../../../src/state/offline.ts';

const quota = (size?: number) =>
  cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize: size });
const large = new Uint8Array(5_000_000);

beforeEach(() => localStorage.clear());
afterEach(async () => {
  await quota();
  await caches.delete('test');
  vi.restoreAllMocks();
});

test('a browser’s cache and its databases say that they are full in the same way', async () => {
  const { usage = 0 } = await navigator.storage.estimate();
  await quota(usage + 1_000_000);
  const store = createStore('layerlab-full-test', 'kept');
  for (const write of [
    () => putInCache('test', '/large', new Response(large)),
    () => putRecord(store, 'large', large),
  ]) {
    const error = await write().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(isFull(error)).toBe(true);
    expect(String(error)).toMatch(/The storage that the browser allows is full; remove /);
  }
});

test('a copy for use without a network that finds no room says so, and keeps what came', async () => {
  const files = await Promise.all(
    ['models/mini-ce/config.json', 'models/mini-ce/tokenizer.json'].map(async (path) => {
      const bytes = new Uint8Array(await (await fetch(`/${path}`)).arrayBuffer());
      return { path: `/${path}`, revision: (await sha256(bytes)).slice(0, 16), bytes: bytes.length };
    }),
  );
  let kept = 0;
  const put = Cache.prototype.put;
  vi.spyOn(Cache.prototype, 'put').mockImplementation(function (this: Cache, ...given) {
    if (kept === 1) return Promise.reject(new DOMException('Quota exceeded.', 'QuotaExceededError'));
    kept++;
    return put.apply(this, given);
  });
  useOffline.setState({ kept: { status: 'ready', value: { files: 0, bytes: 0, missing: files } } });
  await keepOffline();
  expect(useOffline.getState()).toMatchObject({
    keeping: null,
    sentence: expect.stringMatching(
      /^\/models\/mini-ce\/tokenizer\.json: finds no room in this browser; .* What came before it is kept\.$/,
    ),
  });
  const cache = await caches.open('layerlab-kept');
  expect(await cache.keys()).toHaveLength(1);
  await caches.delete('layerlab-kept');
});

test('what the browser has cleared is noticed once, and what the lab removed itself is not', async () => {
  const root = await navigator.storage.getDirectory();
  const sentence = async (): Promise<string | null> => {
    useCleared.setState({ sentence: null });
    await noticeCleared();
    return useCleared.getState().sentence;
  };
  await markKept('files', ['embeddings (12.3 MB)']);
  await markKept('offline', ['the copy for use without a network (80.0 MB)']);
  expect(await sentence()).toBeNull();
  await markKept('files', []);
  expect(await sentence()).toBeNull();

  // As the browser does, all at once.
  await root.removeEntry('layerlab-witness');
  expect(await sentence()).toMatch(
    /^This browser has cleared what the lab kept here on \d{4}-\d\d-\d\d: the copy for use without a network \(80\.0 MB\)\. /,
  );
  expect(await sentence()).toBeNull();

  await markKept('results', ['finished runs of Reproduce (2)']);
  await markKept('results', []);
  await root.removeEntry('layerlab-witness');
  expect(await sentence()).toBeNull();
});
