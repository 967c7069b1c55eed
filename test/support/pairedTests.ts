/*
 * Paired tests from their definitions alone, sharing no line and no library with the lab's, so that a report's p-values
 * can be checked by something else than the lab.
 */

/** ∫ cos^power from `from` to π/2, by Simpson's rule. */
function cosineIntegral(power: number, from: number): number {
  const parts = 4000;
  const step = (Math.PI / 2 - from) / parts;
  let sum = 0;
  for (let i = 0; i <= parts; i++) {
    const weight = i === 0 || i === parts ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.cos(from + i * step) ** power;
  }
  return (sum * step) / 3;
}

/**
 * The two-tailed p of Student's t: with t = sqrt(ν) tan θ its density (1 + t²/ν)^(-(ν + 1) / 2) becomes cos^(ν - 1) θ.
 * @param freedom ν, degrees of freedom
 */
export function studentP(t: number, freedom: number): number {
  const from = Math.atan(Math.abs(t) / Math.sqrt(freedom));
  return cosineIntegral(freedom - 1, from) / cosineIntegral(freedom - 1, 0);
}

/** The t whose two-tailed p that is, by halving. */
function studentQuantile(p: number, freedom: number): number {
  let [low, high] = [0, 1000];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (studentP(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return low;
}

const quantiles = new Map<number, number>();

export interface PairedFigures {
  readonly n: number;
  readonly meanDifference: number;
  /** Two-tailed; null where all differences are the same. */
  readonly pValue: number | null;
  /** 95 %. */
  readonly interval: readonly [number, number];
}

/** Student's test of a - b, and the interval of its mean. */
export function pairedByDefinition(a: readonly number[], b: readonly number[]): PairedFigures {
  const n = a.length;
  const differences = a.map((value, i) => value - b[i]!);
  const meanDifference = differences.reduce((sum, one) => sum + one, 0) / n;
  const variance = differences.reduce((sum, one) => sum + (one - meanDifference) ** 2, 0) / (n - 1);
  const error = Math.sqrt(variance / n);
  if (!quantiles.has(n)) quantiles.set(n, studentQuantile(0.05, n - 1));
  const half = quantiles.get(n)! * error;
  return {
    n,
    meanDifference,
    pValue: error < 1e-12 ? null : studentP(meanDifference / error, n - 1),
    interval: [meanDifference - half, meanDifference + half],
  };
}

/** The share of all patterns of signs whose sum is as far from 0 as that of a - b. */
export function signPatternsP(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((value, i) => value - b[i]!);
  const sums = differences.reduce((known, one) => known.flatMap((sum) => [sum + one, sum - one]), [0]);
  const observed = Math.abs(differences.reduce((sum, one) => sum + one, 0));
  return sums.filter((sum) => Math.abs(sum) >= observed - 1e-9).length / sums.length;
}

/**
 * Holm's correction, said otherwise than step by step: p is rejected at α where every q ≤ p is at most α divided by how
 * many are no smaller than q.
 */
export function holmByDefinition(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.filter((p) => p !== null);
  return pValues.map((p) =>
    p === null
      ? null
      : Math.max(
          ...known
            .filter((q) => q <= p)
            .map((q) => Math.min(1, q * known.filter((other) => other >= q).length)),
        ),
  );
}
