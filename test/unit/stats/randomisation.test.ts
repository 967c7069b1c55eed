import { expect, test } from 'vitest';
import { randomisationTest } from '../../../src/lab/stats/randomisation.ts';
import { pairedTTest } from '../../../src/lab/stats/ttest.ts';
import { freshRandom } from '../../support/random.ts';

const given = { samples: 20_000, seed: 5 };

// p of scipy.stats.permutation_test((a, b), mean of a - b, permutation_type='samples', n_resamples=inf), SciPy 1.17.1
test.each([
  [[0.268, 0.15, 0.41, 0.07, 0.9], [0.152, 0.16, 0.3, 0.01, 0.55], 0.125],
  [[1, 2, 3, 4, 5, 6, 7], [1.5, 1.9, 3.3, 4.4, 4.9, 6.6, 7.8], 0.0625],
  [[1, 1, 0, 1, 0.5, 0, 1 / 3, 0.2], [0, 1, 0, 0.5, 0.25, 1, 1 / 3, 0], 0.625],
])('%j against %j, every sign tried, is as SciPy has it', (a, b, pValue) => {
  const result = randomisationTest(a, b, given);
  expect(result.exact).toBe(true);
  expect(result.pValue).toBeCloseTo(pValue, 12);
});

test('worked out by hand: three differences of one sign', () => {
  // Of the 8 patterns of ±1 ±2 ±3 two reach 6.
  expect(randomisationTest([1, 2, 3], [0, 0, 0], given)).toEqual({
    n: 3,
    meanDifference: 2,
    pValue: 0.25,
    patterns: 8,
    exact: true,
  });
});

test('with many pairs a sample of the signs comes near SciPy, and is the same for one seed', () => {
  const a = Array.from({ length: 40 }, (_, i) => ((i * 7) % 11) / 11);
  const b = Array.from({ length: 40 }, (_, i) => ((i * 5) % 13) / 13);
  const result = randomisationTest(a, b, given);
  expect(result.exact).toBe(false);
  // permutation_test with 2,000,000 resamples; five standard errors of 20,000 draws
  expect(Math.abs(result.pValue! - 0.8830345584827207)).toBeLessThan(0.0115);
  expect(randomisationTest(a, b, given)).toEqual(result);
});

test('on normal differences it agrees with the t-test', () => {
  const random = freshRandom();
  const a = [...random.normal(200)].map((value) => value + 0.1);
  const b = new Array<number>(200).fill(0);
  const { pValue } = randomisationTest(a, b, given);
  expect(Math.abs(pValue! - pairedTTest(a, b).pValue!)).toBeLessThan(0.03);
});

test('no difference at all has p 1, no pairs have none, unequal sides are refused', () => {
  expect(randomisationTest([1, 2], [1, 2], given).pValue).toBe(1);
  expect(randomisationTest([], [], given).pValue).toBeNull();
  expect(() => randomisationTest([1], [], given)).toThrow(RangeError);
});
