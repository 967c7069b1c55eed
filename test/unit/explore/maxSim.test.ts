import { expect, it } from 'vitest';
import { maxSim, tokenSimilarity } from '../../../src/lab/explore/maxSim.ts';

it('sums the largest similarity of each query token, worked by hand', () => {
  // Query tokens along x and at 45°, document tokens along y, x and -x.
  const similarity = tokenSimilarity(Float32Array.of(2, 0, 1, 1), Float32Array.of(0, 3, 1, 0, -1, 0), 2);
  const half = Math.SQRT1_2;
  for (const [i, value] of [0, 1, -1, half, half, -half].entries()) {
    expect(similarity.values[i]).toBeCloseTo(value, 6);
  }
  const { score, parts, matches } = maxSim(similarity);
  expect(matches).toEqual([1, 0]);
  expect(score).toBeCloseTo(1 + half, 6);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 12);
});

it('is 0 for a text without tokens', () => {
  const similarity = tokenSimilarity(new Float32Array(4), new Float32Array(0), 2);
  expect(maxSim(similarity)).toEqual({ score: 0, parts: [], matches: [] });
});
