import { generator } from '../../base/random.ts';

/** Up to so many pairs that differ, every sign is tried: 2^13 sums. */
const exactUpTo = 13;

/** Sums this close are one: the order of adding must not decide whether a tie counts. */
const slack = 1e-9;

export interface RandomisationTest {
  readonly n: number;
  readonly meanDifference: number;
  /** null without pairs. */
  readonly pValue: number | null;
  /** Sign patterns that were tried, the observed one included. */
  readonly patterns: number;
  /** True when all patterns were tried, so that the p-value is no estimate. */
  readonly exact: boolean;
}

/**
 * Fisher's randomisation test of a - b, paired and two-tailed: were the systems exchangeable, the sign of
 * every difference would be a coin's toss; p is the share of tosses whose mean is as far from 0 as the
 * observed one (Fisher 1935; for retrieval: Smucker, Allan and Carterette, CIKM 2007). Pairs that do not
 * differ change no mean and are left out. Sampled tosses count the observed one among them, so that p is
 * never 0 (Phipson and Smyth 2010).
 * @param samples tosses, where there are too many pairs to try all
 */
export function randomisationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): RandomisationTest {
  if (a.length !== b.length) throw new RangeError('A paired test needs as many values on both sides.');
  const n = a.length;
  const differences = Float64Array.from({ length: n }, (_, i) => a[i]! - b[i]!).filter((d) => d !== 0);
  const sum = differences.reduce((total, d) => total + d, 0);
  const far = Math.abs(sum) - slack * differences.reduce((total, d) => total + Math.abs(d), 0);
  const meanDifference = sum / n;
  if (n === 0) return { n, meanDifference, pValue: null, patterns: 0, exact: true };
  if (differences.length <= exactUpTo) {
    const patterns = 2 ** differences.length;
    let as = 0;
    for (let signs = 0; signs < patterns; signs++) {
      let total = 0;
      for (const [i, d] of differences.entries()) total += (signs >>> i) & 1 ? -d : d;
      if (Math.abs(total) >= far) as++;
    }
    return { n, meanDifference, pValue: as / patterns, patterns, exact: true };
  }
  const random = generator(seed);
  let as = 1;
  for (let s = 0; s < samples; s++) {
    let total = 0;
    let bits = 0;
    for (let i = 0; i < differences.length; i++) {
      if (i % 32 === 0) bits = random.next();
      total += (bits >>> (i % 32)) & 1 ? -differences[i]! : differences[i]!;
    }
    if (Math.abs(total) >= far) as++;
  }
  return { n, meanDifference, pValue: as / (samples + 1), patterns: samples + 1, exact: false };
}
