import { expect, test } from 'vitest';
import { fuse } from '../../../src/lab/compare/fuse.ts';

const lists = (k: number, documents: number[], unknown?: string[]) => ({
  k,
  documents: Int32Array.from(documents),
  scores: new Float32Array(documents.length),
  unknown,
});

/*
 * By hand, Cormack et al. 2009, k = 60. The first system finds documents 0, 1, 2 and the second 2, 3, 0:
 *   0: 1/61 + 1/63 = 0.0322664   1: 1/62 = 0.0161290   2: 1/63 + 1/61 = 0.0322664   3: 1/62 = 0.0161290
 * so that 0 and 2 are equal, and so are 1 and 3.
 */
const first = lists(3, [0, 1, 2]);
const second = lists(3, [2, 3, 0]);

test('two lists are fused by the sum of 1 / (60 + rank); ties stand in document order', () => {
  const fused = fuse(first, second, { k: 5, tieRanks: null });
  expect([...fused.documents]).toEqual([0, 2, 1, 3, -1]);
  expect(fused.scores[0]).toBeCloseTo(1 / 61 + 1 / 63, 7);
  expect(fused.scores[1]).toBe(fused.scores[0]);
  expect(fused.scores[2]).toBeCloseTo(1 / 62, 7);
  expect(fused.scores[3]).toBe(fused.scores[2]);
});

test('ties stand as the rule of the spec says', () => {
  const tieRanks = Int32Array.from([3, 2, 1, 0]);
  expect([...fuse(first, second, { k: 3, tieRanks }).documents]).toEqual([2, 0, 3]);
});

test('lists of several lengths and queries are fused query by query', () => {
  const fused = fuse(lists(2, [0, 1, 5, -1]), lists(3, [1, 2, 3, -1, -1, -1]), { k: 3, tieRanks: null });
  // Query 0: 1 has 1/62 + 1/61, 0 has 1/61, 2 has 1/62. Query 1: only the first system finds anything.
  expect([...fused.documents]).toEqual([1, 0, 2, 5, -1, -1]);
});

test('a document that the collection does not have is one document in both lists', () => {
  const fused = fuse(lists(2, [-3, 0], ['x', 'y']), lists(2, [-2, -3], ['y', 'z']), { k: 3, tieRanks: null });
  // y is first in both.
  expect(fused.unknown![-2 - fused.documents[0]!]).toBe('y');
  expect(fused.scores[0]).toBeCloseTo(2 / 61, 7);
  expect(fused.documents[1]).toBe(0);
  expect(fused.unknown![-2 - fused.documents[2]!]).toBe('z');
});
