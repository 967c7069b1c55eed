import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { collectionHash } from '../../../src/lab/data/hash.ts';

const collection: Collection = {
  name: 'a',
  title: 'A',
  source: 'folder:a',
  split: 'test',
  corpus: { ids: ['d1', 'd2'], texts: ['one', 'zwölf "2"'] },
  queries: { ids: ['q'], texts: ['?'] },
  qrels: [new Map([[1, 2]])],
};

test('the hash is of lines that anyone can write', () => {
  const lines = '["d1","one"]\n["d2","zwölf \\"2\\""]\n[]\n["q","?"]\n[]\n[0,1,2]\n';
  expect(collectionHash(collection)).toBe(createHash('sha256').update(lines).digest('hex'));
});

test('texts that move between queries and documents change it', () => {
  const moved = {
    ...collection,
    corpus: { ids: ['d1'], texts: ['one'] },
    queries: { ids: ['d2', 'q'], texts: ['zwölf "2"', '?'] },
  };
  expect(collectionHash(moved)).not.toBe(collectionHash(collection));
});
