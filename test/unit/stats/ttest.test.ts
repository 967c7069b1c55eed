import { expect, test } from 'vitest';
import { pairedTTest } from '../../../src/lab/stats/ttest.ts';
import { pairedByDefinition } from '../../support/pairedTests.ts';

// statistic and p of scipy.stats.ttest_rel(a, b), SciPy 1.17.1
test.each([
  [[0.268, 0.15, 0.41, 0.07, 0.9], [0.152, 0.16, 0.3, 0.01, 0.55], 2.066941121809993, 0.10760244845081261],
  [[0.1, 0.2], [0.3, 0.5], -5, 0.1256659163780024],
  [[1, 2, 3, 4, 5, 6, 7], [1.5, 1.9, 3.3, 4.4, 4.9, 6.6, 7.8], -2.661196575436463, 0.0374641316566798],
])('%j against %j is as SciPy has it', (a, b, statistic, pValue) => {
  const result = pairedTTest(a, b);
  expect(result.n).toBe(a.length);
  expect(result.degreesOfFreedom).toBe(a.length - 1);
  expect(result.statistic).toBeCloseTo(statistic, 10);
  expect(result.pValue).toBeCloseTo(pValue, 10);
  // So have it the definitions that the comparison's table is recomputed by.
  expect(pairedByDefinition(a, b).pValue).toBeCloseTo(pValue, 10);
});

test.each([
  ['one pair', [0.4], [0.3]],
  ['equal differences', [2, 3, 4], [1, 2, 3]],
  ['differences that are equal but for their last bits', [10 / 12, 9 / 12], [11 / 12, 10 / 12]],
  ['no difference', [1, 1], [1, 1]],
])('%s has no statistic', (_, a, b) => {
  const result = pairedTTest(a, b);
  expect(result.statistic).toBeNull();
  expect(result.pValue).toBeNull();
});

test('sides of unequal length are refused', () => {
  expect(() => pairedTTest([1, 2], [1])).toThrow(RangeError);
});
