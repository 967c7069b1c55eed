import { expect, test } from 'vitest';
import { gridRows, similarityRows } from '../../../src/lab/explore/gridTable.ts';

const grid = {
  rows: ['the', 'the'],
  columns: ['cat', 'the'],
  values: Float32Array.of(0.25, 0.5, 0.75, 0.125),
};

test('every cell is a row of its own, words that repeat told apart by their places', () => {
  expect(gridRows('CE', grid, 7)).toEqual([
    [7, 'CE', '1 the', '1 cat', 0.25],
    [8, 'CE', '1 the', '2 the', 0.5],
    [9, 'CE', '2 the', '1 cat', 0.75],
    [10, 'CE', '2 the', '2 the', 0.125],
  ]);
});

test('what MaxSim takes of the cells adds up to it', () => {
  const rows = similarityRows('CE', { ...grid, best: [1, 0], parts: [0.5, 0.75], score: 1.25 }, 1);
  expect(rows.map((cells) => cells.at(-1))).toEqual([null, 0.5, 0.75, null]);
});
