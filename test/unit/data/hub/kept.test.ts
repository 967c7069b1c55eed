import { expect, test } from 'vitest';
import { MemoryPart, type Part } from '../../../../src/lab/cache/fileStore.ts';
import type { ReadCollection } from '../../../../src/lab/data/beir.ts';
import {
  type CollectionStore,
  keepCollection,
  keptCollection,
  keptFile,
} from '../../../../src/lab/data/hub/kept.ts';

const read: ReadCollection = {
  collection: {
    name: 'n',
    title: 'Größe "N"',
    source: 'hub:owner/name@abc',
    split: 'train',
    licence: 'CC0',
    of: { queries: 10, documents: 20 },
    counts: {
      rows: { documents: 3, queries: 1, judgements: 2, pairs: 0 },
      leftOut: [{ reason: 'documents without a text, left out', count: 1, places: ['a, line 3, "d3"'] }],
      merged: [],
      unjudged: [],
    },
    corpus: { ids: ['d1', 'd2'], texts: ['one\nline', 'größer'] },
    queries: { ids: ['q1'], texts: ['a "query"'] },
    qrels: [
      new Map([
        [0, 1],
        [1, 0],
      ]),
    ],
  },
  warnings: ['One row is left out.'],
};

/** A place for one file. @param most bytes there is room for */
function storeOf(most = 10_000): CollectionStore & { content: Uint8Array<ArrayBuffer> | null } {
  let part: MemoryPart | null = null;
  return {
    content: null,
    part() {
      const memory = new MemoryPart(10_000);
      part = memory;
      const limited: Part = Object.assign(memory, {
        append(bytes: Uint8Array<ArrayBuffer>) {
          if (memory.size + bytes.length > most) throw new DOMException('full', 'QuotaExceededError');
          MemoryPart.prototype.append.call(memory, bytes);
        },
      });
      return Promise.resolve(limited);
    },
    finish() {
      this.content = part ? part.read(0, part.size).slice() : null;
      return Promise.resolve();
    },
    remove() {
      this.content = null;
      return Promise.resolve();
    },
    whole() {
      return Promise.resolve(this.content && new File([this.content], 'kept'));
    },
  };
}

test('a collection is read back as it was', async () => {
  const store = storeOf();
  await keepCollection(store, 'x', read);
  expect(await keptCollection(store, 'x')).toEqual(read);
});

test('what is cut off, or of another form, counts as not kept', async () => {
  const store = storeOf();
  expect(await keptCollection(store, 'x')).toBeNull();
  await keepCollection(store, 'x', read);
  store.content = store.content!.slice(0, -20);
  expect(await keptCollection(store, 'x')).toBeNull();
  store.content = new TextEncoder().encode('{"name": 3}\n');
  expect(await keptCollection(store, 'x')).toBeNull();
});

test('without room nothing is kept', async () => {
  const store = storeOf(50);
  await keepCollection(store, 'x', read);
  expect(await keptCollection(store, 'x')).toBeNull();
});

test('each spec has its own file', () => {
  const dataset = { source: 'hub:owner/name', split: 'train', queries: 5, documents: 10 };
  const columns = { query: 'a', document: 'b' };
  const files = [
    keptFile(dataset, null, 1),
    keptFile(dataset, null, 2),
    keptFile(dataset, 'hub:owner/name-qrels@abc', 1),
    keptFile({ ...dataset, columns }, null, 1),
    keptFile({ ...dataset, queries: null }, null, 1),
    keptFile({ ...dataset, split: 'dev' }, null, 1),
  ];
  expect(new Set(files).size).toBe(files.length);
  expect(keptFile({ ...dataset, source: 'hub:owner/name@main' }, null, 1)).toBe(files[0]);
});
