import { expect } from 'vitest';
import type { FreshRandom } from '../../../support/random.ts';

/**
 * Checks a float64 gradient against central differences of its function at a few random places.
 * @param value the function, of `at` as it is when called
 */
export function expectCentralDifferences(
  random: FreshRandom,
  value: () => number,
  at: Float64Array,
  gradient: Float64Array,
  label: string,
): void {
  expect(gradient.length, label).toBe(at.length);
  const largest = gradient.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  for (let n = 0; n < 6; n++) {
    const i = random.int(0, at.length - 1);
    const kept = at[i]!;
    const step = 1e-5 * Math.max(1, Math.abs(kept));
    at[i] = kept + step;
    const above = value();
    at[i] = kept - step;
    const below = value();
    at[i] = kept;
    const slope = (above - below) / (2 * step);
    expect(Math.abs(slope - gradient[i]!), `${label} at ${i}`).toBeLessThanOrEqual(1e-6 * (1 + largest));
  }
}

export function weightedSum(values: Float64Array, weights: ArrayLike<number>): number {
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
}
