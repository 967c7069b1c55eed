import { expect, test } from 'vitest';
import { closeScale, roundScale } from '../../../../src/components/chart/scale.ts';

test.each([
  [[0.492], [0, 0.5], 0.1],
  [[2.1, 0.3], [0, 2.5], 0.5],
  [[23.9], [0, 25], 5],
  [[240], [0, 250], 50],
  [[1e-3], [0, 1e-3], 2e-4],
  [[-7, 3], [-7.5, 5], 2.5],
  [[500, 9000], [0, 10_000], 2000],
])('%j is drawn from and to %j', (values, domain, step) => {
  const scale = roundScale(values);
  expect(scale.domain).toEqual(domain);
  expect(scale.ticks[1]! - scale.ticks[0]!).toBeCloseTo(step, 12);
  expect(scale.ticks.length).toBeLessThanOrEqual(6);
});

test('no values, and only zeros, make an axis from 0 to 1', () => {
  expect(roundScale([]).domain).toEqual([0, 1]);
  expect(roundScale([0, 0]).domain).toEqual([0, 1]);
});

test('every value lies on the axis', () => {
  for (let i = 1; i < 2000; i++) {
    const value = i * 0.00731;
    const { domain, ticks } = roundScale([value]);
    expect(domain[1]).toBeGreaterThanOrEqual(value);
    expect(ticks.length).toBeLessThanOrEqual(6);
  }
});

test('a close axis leaves 0 out', () => {
  expect(closeScale([1.02, 1.43]).domain).toEqual([1, 1.5]);
  expect(closeScale([-0.31, 0.22]).domain).toEqual([-0.4, 0.4]);
  expect(closeScale([3, 3]).domain).toEqual([0, 3]);
  expect(closeScale([]).domain).toEqual([0, 1]);
});
