/** A rank correlation with its 95 % interval. */
export interface Correlation {
  readonly rho: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Standard normal quantile of 0.975. */
const z975 = 1.959963984540054;

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of their ranks. The interval
 * is Fisher's, with the standard error of Bonett and Wright (Psychometrika 65, 2000), √((1 + ρ²/2) / (n - 3)).
 * NaN where a side has no spread or there are fewer than four pairs.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const n = x.length;
  if (y.length !== n) throw new Error(`${n} values cannot be paired with ${y.length}.`);
  const rho = pearson(meanRanks(x), meanRanks(y));
  if (n < 4 || Number.isNaN(rho)) return { rho, low: Number.NaN, high: Number.NaN, n };
  const error = Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  const middle = Math.atanh(rho);
  return { rho, low: Math.tanh(middle - z975 * error), high: Math.tanh(middle + z975 * error), n };
}

/** Ranks from 1; equal values share the mean of theirs. */
export function meanRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function pearson(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const mx = mean(x);
  const my = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - mx) * (y[i]! - my);
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}
