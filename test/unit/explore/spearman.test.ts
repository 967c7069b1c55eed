import { expect, it } from 'vitest';
import { meanRanks, spearman } from '../../../src/lab/explore/spearman.ts';
import expected from '../../reference/explore/explore.json' with { type: 'json' };

it('equals SciPy, equal values sharing their ranks', () => {
  const { x, y, rho } = expected.spearman;
  expect(spearman(x, y).rho).toBeCloseTo(rho, 12);
});

it('shares ranks of equal values', () => {
  expect([...meanRanks([10, 30, 10, 20])]).toEqual([1.5, 4, 1.5, 3]);
});

it('has the interval of Bonett and Wright, worked by hand', () => {
  // Squared rank differences add up to 18.
  const { rho, low, high } = spearman([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [3, 1, 2, 6, 4, 5, 9, 7, 8, 10]);
  expect(rho).toBeCloseTo(1 - (6 * 18) / 990, 12);
  // Error √((1 + 0.890909² / 2) / 7) = 0.446711; atanh 0.890909 = 1.426316.
  expect(low).toBeCloseTo(0.501102, 5);
  expect(high).toBeCloseTo(0.980169, 5);
});

it('has no value without spread', () => {
  expect(spearman([1, 1, 1, 1], [1, 2, 3, 4]).rho).toBeNaN();
});
