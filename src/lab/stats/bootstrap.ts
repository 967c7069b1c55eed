import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generator } from '../../base/random.ts';
import type { PerQuery } from '../metrics/evaluate.ts';

/**
 * 95 % percentile bootstrap intervals of each metric's mean over queries (Efron and Tibshirani 1993,
 * chapter 13): queries are drawn with replacement, the same draws for every metric, so that intervals
 * of one seed can be compared.
 * @param samples number of draws; 0 gives no intervals
 */
export function bootstrapIntervals(
  perQuery: PerQuery,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): Record<string, [number, number]> {
  const columns = [...perQuery];
  const queries = columns[0]?.[1].length ?? 0;
  if (samples === 0 || queries === 0) return {};
  const random = generator(seed);
  const means = columns.map(() => new Float64Array(samples));
  const drawn = new Int32Array(queries);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < queries; i++) drawn[i] = uniformInt(random, 0, queries - 1);
    for (const [c, [, values]] of columns.entries()) {
      let sum = 0;
      for (let i = 0; i < queries; i++) sum += values[drawn[i]!]!;
      means[c]![s] = sum / queries;
    }
  }
  return Object.fromEntries(
    columns.map(([name], c) => {
      const sorted = means[c]!.sort();
      return [name, [quantile(sorted, 0.025), quantile(sorted, 0.975)]];
    }),
  );
}

/** Linear interpolation between order statistics, NumPy's default. */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
