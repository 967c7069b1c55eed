import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MemoryPart } from '../../../src/lab/cache/fileStore.ts';
import { download, type Storage } from '../../../src/lab/hub/download.ts';
import { otherSpelling } from '../../../src/lab/hub/name.ts';
import { type ListedFile, listTree } from '../../../src/lab/hub/repository.ts';
import { startHub, type TestHub } from '../../support/hub/server.ts';

const large = Uint8Array.from({ length: 20_000 }, (_, at) => (at * 7) % 253);
const repository = 'owner/name';
const storage: Storage = {
  room: () => Promise.resolve(15_000),
  removable: () => Promise.resolve('remove something'),
};
let hub: TestHub;
let file: ListedFile;

beforeAll(async () => {
  hub = await startHub({ models: { [repository]: { 'model.bin': large } } });
  const found = (await listTree(at())).find(({ path }) => path === 'model.bin');
  if (!found) throw new Error('The file is not listed.');
  file = found;
});
afterAll(() => hub.close());
beforeEach(() => hub.setFaults([]));

const at = () =>
  ({ hub: hub.url, kind: 'models', repository, commit: hub.commitOf('models', repository) }) as const;

test('too little room is said before anything is fetched, with how much is missing', async () => {
  await expect(download(at(), file, new MemoryPart(file.size), { storage })).rejects.toThrow(
    /model.bin needs 20 kB of room, 5 kB more than the browser grants this page; remove something. What has come/,
  );
  expect(hub.requests).toEqual([]);
});

test('what is there already needs no room and is not fetched again', async () => {
  const part = new MemoryPart(file.size);
  part.append(large.slice(0, 6000));
  const seen: number[] = [];
  await download(at(), file, part, { storage, onProgress: (loaded) => seen.push(loaded) });
  expect(part.read(0, part.size)).toEqual(large);
  expect(seen[0]).toBe(6000);
  expect(hub.requests.at(-1)?.range).toBe('bytes=6000-19999');
});

test('storage that is full half-way keeps what it took', async () => {
  class SmallPart extends MemoryPart {
    override append(bytes: Uint8Array<ArrayBuffer>): void {
      if (this.size >= 100) throw new DOMException('full', 'QuotaExceededError');
      super.append(bytes.slice(0, 100));
    }
  }
  const part = new SmallPart(file.size);
  part.append(large.slice(0, 100));
  await expect(
    download(at(), file, part, { storage: { ...storage, room: () => Promise.resolve(null) } }),
  ).rejects.toThrow(
    'model.bin needs 20 kB of room, which the browser does not grant this page; remove something.',
  );
  expect(part.size).toBe(100);
});

test('what is there of another file is told by its hash, and fetched anew', async () => {
  const part = new MemoryPart(file.size);
  part.append(large.slice(0, 5000).fill(1));
  await download(at(), file, part, { storage: null });
  expect(part.read(0, part.size)).toEqual(large);
  expect(hub.requests.filter(({ origin }) => origin === 'storage').map(({ range }) => range)).toEqual([
    'bytes=5000-19999',
    null,
  ]);
});

test.each([
  ['cross-encoder/ms-marco-MiniLM-L-12-v2', 'cross-encoder/ms-marco-MiniLM-L12-v2'],
  ['cross-encoder/ms-marco-MiniLM-L12-v2', 'cross-encoder/ms-marco-MiniLM-L-12-v2'],
  ['mixedbread-ai/mxbai-rerank-large-v1', null],
])('%s is also spelt %s', (name, other) => {
  expect(otherSpelling(name)).toBe(other);
});
