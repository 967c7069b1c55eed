import cdf from '@stdlib/stats-base-dists-t-cdf';

export interface PairedTest {
  readonly n: number;
  readonly meanDifference: number;
  /** null when it is not defined: fewer than two pairs, or differences that are all the same. */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number;
  readonly pValue: number | null;
}

/**
 * Paired two-tailed t-test of a - b (Student 1908): t = mean / (s / sqrt(n)) with n - 1 degrees of
 * freedom, as scipy.stats.ttest_rel.
 */
export function pairedTTest(a: readonly number[], b: readonly number[]): PairedTest {
  if (a.length !== b.length) throw new RangeError('A paired test needs as many values on both sides.');
  const n = a.length;
  const differences = a.map((value, i) => value - b[i]!);
  const meanDifference = differences.reduce((sum, d) => sum + d, 0) / n;
  const squares = differences.reduce((sum, d) => sum + (d - meanDifference) ** 2, 0);
  const error = Math.sqrt(squares / (n - 1) / n);
  const degreesOfFreedom = n - 1;
  // Differences that are all the same vary in their last bits, since 0.875 - 0.958 is not exact.
  const largest = Math.max(...a.map(Math.abs), ...b.map(Math.abs));
  if (n < 2 || !(error > 8 * Number.EPSILON * largest))
    return { n, meanDifference, statistic: null, degreesOfFreedom, pValue: null };
  const statistic = meanDifference / error;
  return {
    n,
    meanDifference,
    statistic,
    degreesOfFreedom,
    pValue: 2 * cdf(-Math.abs(statistic), degreesOfFreedom),
  };
}
