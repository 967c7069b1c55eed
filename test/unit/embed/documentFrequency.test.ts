import { expect, it } from 'vitest';
import { documentFrequency, inverseDocumentFrequency } from '../../../src/lab/embed/documentFrequency.ts';

it('counts a token once a text, and smooths as scikit-learn does', () => {
  const frequency = documentFrequency([[1, 1, 2], [2], [3]]);
  expect(frequency.counts.get(1)).toBe(1);
  expect(frequency.counts.get(2)).toBe(2);
  // ln(4 / 3) + 1 and ln(4 / 1) + 1, worked by hand.
  expect(inverseDocumentFrequency(frequency, 2)).toBeCloseTo(1.287682, 6);
  expect(inverseDocumentFrequency(frequency, 99)).toBeCloseTo(2.386294, 6);
});
