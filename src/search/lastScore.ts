/**
 * The score of a document that cannot be scored, its vector or logit not being finite: behind every other one, and
 * a number that a run file's readers take. The lowest float32.
 */
export const lastScore = -3.4028234663852886e38;

/** Whether every value is finite: a product with 0 is NaN for the others. */
export function isFiniteVector(values: Float32Array): boolean {
  let sum = 0;
  for (const value of values) sum += value * 0;
  return sum === 0;
}
