import { expect, it } from 'vitest';
import { clusterTexts } from '../../../src/lab/explore/clusterTexts.ts';

const signal = new AbortController().signal;

it('finds three heaps, the largest first', async () => {
  const points = [
    [9, 0],
    [0, 0],
    [0, 9],
    [0.1, 0],
    [9.1, 0],
    [0, 0.1],
  ];
  const clusters = await clusterTexts(Float32Array.from(points.flat()), 2, 3, signal);
  expect([...clusters]).toEqual([1, 0, 2, 0, 1, 0]);
});

it('makes no more clusters than there are texts', async () => {
  expect([...(await clusterTexts(Float32Array.from([1, 0]), 2, 8, signal))]).toEqual([0]);
});
