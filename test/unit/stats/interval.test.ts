import { expect, test } from 'vitest';
import { differenceInterval } from '../../../src/lab/stats/interval.ts';

// scipy.stats.ttest_rel(a, b).confidence_interval(0.95), SciPy 1.17.1
test.each([
  [[0.268, 0.15, 0.41, 0.07, 0.9], [0.152, 0.16, 0.3, 0.01, 0.55], -0.04297650174106818, 0.2933765017410682],
  [[1, 2, 3, 4, 5, 6, 7], [1.5, 1.9, 3.3, 4.4, 4.9, 6.6, 7.8], -0.6581067617129972, -0.02760752400128852],
])('%j against %j is as SciPy has it', (a, b, low, high) => {
  const interval = differenceInterval(a, b)!;
  expect(interval[0]).toBeCloseTo(low, 10);
  expect(interval[1]).toBeCloseTo(high, 10);
});

test('one pair has none, equal differences are a point, unequal sides are refused', () => {
  expect(differenceInterval([1], [0])).toBeNull();
  expect(differenceInterval([2, 3], [1, 2])).toEqual([1, 1]);
  expect(() => differenceInterval([1, 2], [1])).toThrow(RangeError);
});
