import { expect, test } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { documentsHash } from '../../../src/lab/data/hash.ts';
import type { PartSlice } from '../../../src/lab/pipeline/part.ts';
import { placeSlices } from '../../../src/lab/pipeline/placeSlices.ts';

const corpus = { ids: ['a', 'b', 'c', 'd'], texts: ['A', 'B', 'C', 'D'] };
const collection: Collection = {
  name: 'made',
  title: 'Made',
  source: 'local:made',
  split: 'test',
  corpus,
  queries: { ids: ['q1', 'q3'], texts: ['one', 'three'] },
  qrels: [new Map([[0, 1]]), new Map([[3, 1]])],
};

/** Of a judged query, q2, the relevant document is in no part. */
const queries = { ids: ['q1', 'q2', 'q3'], texts: ['one', 'two', 'three'] };

function part(rows: readonly [number, number], change: Partial<PartSlice> = {}): { slices: PartSlice[] } {
  const [from, to] = rows;
  return {
    slices: [
      {
        dataset: 'made',
        documents: to - from,
        sha256: documentsHash(corpus, rows),
        queries,
        ...change,
      },
    ],
  };
}

test("lists of a part become those of the whole's queries and rows", () => {
  const place = placeSlices([part([0, 1]), part([1, 4])], collection);
  const placed = place(1, {
    documents: Int32Array.of(2, 0, 1, -1, 0, -1),
    scores: Float32Array.of(3, 2, 9, 8, 1, Number.NEGATIVE_INFINITY),
  });
  expect([...placed.documents]).toEqual([3, 1, 1, -1]);
  expect([...placed.scores]).toEqual([3, 2, 1, Number.NEGATIVE_INFINITY]);
});

test('lists of a collection that was read whole stay as they are', () => {
  const lists = { documents: Int32Array.of(2, 0), scores: Float32Array.of(3, 2) };
  expect(placeSlices([{ slices: [] }, { slices: [] }], collection)(1, lists)).toBe(lists);
});

test.each<[string, { slices: PartSlice[] }[], RegExp]>([
  ['parts that lack documents', [part([0, 1]), part([1, 3])], /has 4 documents, and the parts searched 3:/],
  [
    'a document that stands in two parts',
    [part([0, 2]), part([1, 4])],
    /or documents of one id stand in two parts/,
  ],
  ['another text', [part([0, 1]), part([1, 4], { sha256: 'other' })], /is not what the parts searched/],
  [
    'a query of another text',
    [part([0, 4], { queries: { ...queries, texts: ['one', 'two', '3'] } })],
    /is not what the parts searched/,
  ],
  ['a query more', [part([0, 4], { queries: { ids: ['q1'], texts: ['one'] } })], /is not what the parts/],
])('%s are refused in one sentence', (_, parts, sentence) => {
  expect(() => placeSlices(parts, collection)).toThrow(sentence);
});
