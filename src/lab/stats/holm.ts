/**
 * Holm's step-down correction (Holm 1979): the i-th smallest of m p-values times m - i + 1, never below
 * that of a smaller one, at most 1. Compared with 0.05 they hold the chance of any false finding to 5 %.
 * @param pValues in any order; null where a test is not defined, which does not count
 * @returns in the same order
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const defined = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((x, y) => x.p - y.p || x.index - y.index);
  const out: (number | null)[] = pValues.map(() => null);
  let highest = 0;
  for (const [i, { p, index }] of defined.entries()) {
    highest = Math.max(highest, Math.min(1, (defined.length - i) * p));
    out[index] = highest;
  }
  return out;
}
