/** 0.2 - 0.19 is not 0.01 in binary; figures of a few decimals must fall on the side they are on. */
const slack = 1e-9;

/**
 * How many of the pairs have `a` no more than 1 % below `b`; being above is within. "Within 1 %" is said of
 * both: `points`, where figures from 0 to 1 differ by at most 0.01, and `relative`, by at most a hundredth of b.
 */
export function withinOnePercent(
  a: readonly number[],
  b: readonly number[],
): { readonly of: number; readonly points: number; readonly relative: number } {
  if (a.length !== b.length) throw new RangeError('Pairs need as many values on both sides.');
  const count = (margin: (other: number) => number): number =>
    a.filter((value, i) => value >= b[i]! - margin(b[i]!) - slack).length;
  return { of: a.length, points: count(() => 0.01), relative: count((other) => 0.01 * other) };
}
