import { expect, test } from 'vitest';
import { holm } from '../../../src/lab/stats/holm.ts';

test('worked out by hand: 3 x 0.01, then 2 x 0.02, then 0.03 held up by it', () => {
  expect(holm([0.02, 0.01, 0.03])).toEqual([0.04, 0.03, 0.04]);
});

test('as R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(p, 12);
});

test('no p goes beyond 1, undefined tests do not count, none gives none', () => {
  expect(holm([0.9, null, 0.6])).toEqual([1, null, 1]);
  expect(holm([null, 0.04])).toEqual([null, 0.04]);
  expect(holm([])).toEqual([]);
});
