import { expect, test } from 'vitest';
import { mergeRankings } from '../../../src/search/mergeRankings.ts';
import type { Ranking } from '../../../src/search/searcher.ts';

function ranking(documents: readonly number[], scores: readonly number[]): Ranking {
  return { documents: Int32Array.from(documents), scores: Float32Array.from(scores) };
}

const nothing = Number.NEGATIVE_INFINITY;

test('the best of all parts stand first, and a list ends where all do', () => {
  const merged = mergeRankings(
    [
      ranking([1, 0, -1, 0, -1, -1], [0.5, 0.25, nothing, 0.75, nothing, nothing]),
      ranking([3, 2, 4, -1, -1, -1], [1, 0.375, 0.125, nothing, nothing, nothing]),
    ],
    { queries: 2, k: 3, tieRanks: null },
  );
  expect([...merged.documents]).toEqual([3, 1, 2, 0, -1, -1]);
  expect([...merged.scores]).toEqual([1, 0.5, 0.375, 0.75, nothing, nothing]);
});

test('equal scores keep document order, in whatever order the parts come', () => {
  const parts = [ranking([2, 3], [0.5, 0.5]), ranking([0, 1], [0.5, 0.25])];
  const lists = { queries: 1, k: 2, tieRanks: null };
  expect([...mergeRankings(parts, lists).documents]).toEqual([0, 2]);
  expect([...mergeRankings(parts.reverse(), lists).documents]).toEqual([0, 2]);
});

test('equal scores go by the rank that a rule gives', () => {
  const parts = [ranking([0, 1], [0.5, 0.5]), ranking([3, 2], [0.5, 0.5])];
  const tieRanks = Int32Array.of(2, 3, 1, 0);
  const { documents } = mergeRankings(parts, { queries: 1, k: 2, tieRanks });
  expect([...documents]).toEqual([3, 2]);
});

test('lists of parts may be shorter than the one that comes of them', () => {
  const parts = [ranking([0, 0], [0.5, 0.25]), ranking([2, 1, 1, 2], [0.75, 0.25, 1, 0.125])];
  const { documents, scores } = mergeRankings(parts, { queries: 2, k: 3, tieRanks: null });
  expect([...documents]).toEqual([2, 0, 1, 1, 0, 2]);
  expect([...scores]).toEqual([0.75, 0.5, 0.25, 1, 0.25, 0.125]);
});
