import { expect, test } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { withOwnDocuments } from '../../../src/lab/data/ownDocuments.ts';
import { withoutOwn } from '../../../src/search/withoutOwn.ts';

const collection: Collection = {
  name: 'n',
  title: 'N',
  source: 'folder:n',
  split: 'test',
  queries: { ids: ['a', 'b', 'c'], texts: ['', '', ''] },
  corpus: { ids: ['x', 'b', 'a'], texts: ['', '', ''] },
  // b is judged to be relevant to itself.
  qrels: [new Map([[0, 1]]), new Map([[1, 1]]), new Map([[0, 1]])],
};

test('by auto a query does not find itself, unless the judgements name the pair', () => {
  const auto = withOwnDocuments(collection, 'auto');
  expect([...auto.collection.ownDocuments!]).toEqual([2, -1, -1]);
  expect(auto.selfPairs).toEqual({
    setting: 'auto',
    excluded: 1,
    sentence:
      '2 queries have the id of a document; in 1 lists it is left out, in the others judgements name the two as a pair.',
  });
  expect([...withOwnDocuments(collection, 'always').collection.ownDocuments!]).toEqual([2, 1, -1]);
  expect(withOwnDocuments(collection, 'never').collection.ownDocuments).toBeUndefined();
});

test('a list without its own document is as long as the others', () => {
  const { documents, scores } = withoutOwn(
    { documents: Int32Array.of(4, 2, 1, 0, 3, 5), scores: Float32Array.of(3, 2, 1, 9, 8, 7) },
    3,
    2,
    Int32Array.of(2, -1),
  );
  expect([...documents]).toEqual([4, 1, 0, 3]);
  expect([...scores]).toEqual([3, 1, 9, 8]);
});
