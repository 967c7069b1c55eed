import quantile from '@stdlib/stats-base-dists-t-quantile';

/**
 * Confidence interval of the mean of a - b: mean ± t · s / sqrt(n), t the quantile of Student's
 * distribution with n - 1 degrees of freedom, as scipy.stats.ttest_rel(a, b).confidence_interval().
 * @param level as 0.95
 * @returns null for fewer than two pairs; a point where all differences are the same
 */
export function differenceInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  level = 0.95,
): readonly [number, number] | null {
  if (a.length !== b.length) throw new RangeError('A paired interval needs as many values on both sides.');
  const n = a.length;
  if (n < 2) return null;
  const differences = Array.from({ length: n }, (_, i) => a[i]! - b[i]!);
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  const half = quantile((1 + level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return [mean - half, mean + half];
}
