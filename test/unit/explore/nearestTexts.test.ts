import { expect, it } from 'vitest';
import { nearestTexts, neighboursKept } from '../../../src/lab/explore/nearestTexts.ts';

const signal = new AbortController().signal;
/** On a line at 0, 1, 3, 7 and 7. */
const line = Float32Array.from([0, 1, 3, 7, 7]);

it('finds the nearest others, of equal ones the earlier', async () => {
  const { rows, distances } = await nearestTexts(line, 1, { of: [0, 2, 4], k: 2, signal });
  expect(rows).toEqual([
    [1, 2],
    [1, 0],
    [3, 2],
  ]);
  expect(distances).toEqual([
    [1, 3],
    [2, 3],
    [0, 4],
  ]);
});

it('gives what there is where there are fewer than asked for', async () => {
  const { rows } = await nearestTexts(line.subarray(0, 2), 1, { of: [0], k: 5, signal });
  expect(rows).toEqual([[1]]);
});

it('says which share of neighbours a map keeps', async () => {
  // The first text's two nearest are 1 and 2; on this map they are 1 and 3.
  const points = [0, 0, 1, 0, 9, 0, 2, 0, 50, 0];
  expect(await neighboursKept(line, 1, points, { of: [0], k: 2, signal })).toBe(0.5);
  expect(await neighboursKept(line.subarray(0, 1), 1, [0, 0], { of: [0], k: 2, signal })).toBe(1);
});
