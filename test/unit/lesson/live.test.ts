import { expect, test } from 'vitest';
import { overlapOf } from '../../../src/lab/lesson/live.ts';

const list = (system: 'ce' | 'de' | 'bm25', layer: number | null, ...documents: number[]) => ({
  system,
  layer,
  hits: documents.map((document) => ({ document })),
});

test('lists are compared with BM25’s, query by query', () => {
  const overlap = overlapOf('Terms', 3, [
    [
      list('ce', 0, 1, 2, 9),
      list('ce', 1, 7, 8, 9),
      list('de', 0, 1, 8, 9),
      list('de', 1, 1, 2, 3),
      list('bm25', null, 3, 2, 1),
    ],
    [
      list('ce', 0, 4, 5, 6),
      list('ce', 1, 1, 2, 3),
      list('de', 0, 4, 8, 9),
      list('de', 1, 7, 8, 9),
      list('bm25', null, 4),
    ],
  ]);
  // CE: 2 and 1; the DE's embedding layer: 1 and 1; its last: 3 and 0.
  expect(overlap).toEqual({ collection: 'Terms', queries: 2, depth: 3, ce: 1.5, deFirst: 1, deLast: 1.5 });
});

test('queries of which BM25 knows no word do not count', () => {
  expect(overlapOf('Terms', 3, [[list('ce', 0, 1), list('de', 0, 1), list('bm25', null)]])).toBeNull();
});
