import { expect, test } from 'vitest';
import { fitWidth } from '../../../src/lab/pipeline/fitWidth.ts';
import '../../support/allclose.ts';

// Spread along (3, 4) / 5, 10 and -10 from their mean (3, 4) / 5 · 20 = (12, 16); nothing across.
const given = Float32Array.of(18, 24, 6, 8);

test('a narrower student gets components along the direction of largest spread, not centred', () => {
  expect(fitWidth([given], 2, 1)(given)).toBeAllclose([30, 10], { atol: 1e-4 });
});

test('the directions are those of all tables together', () => {
  const [query, document] = [given.slice(0, 2), given.slice(2)];
  expect(fitWidth([query, document], 2, 1)(document)).toBeAllclose([10], { atol: 1e-4 });
});

test('a wider student gets zeros behind, and an equal one the vectors as they are', () => {
  expect([...fitWidth([given], 2, 3)(given)]).toEqual([18, 24, 0, 6, 8, 0]);
  expect(fitWidth([given], 2, 2)(given)).toBe(given);
});
