import { expect, test } from 'vitest';
import { heatScale, shadeOf, shadePaths, shades } from '../../../../src/components/chart/heatScale.ts';

test('the smallest value is palest, the largest strongest, and what is no number is neither', () => {
  const scale = heatScale([0.25, Number.NaN, 0.75]);
  expect(scale).toEqual({ low: 0.25, high: 0.75, diverging: false });
  expect([0.25, 0.5, 0.75, Number.NaN].map((value) => shadeOf(value, scale))).toEqual([
    0,
    shades / 2,
    shades,
    0,
  ]);
});

test('a diverging scale has zero in its middle and reaches equally far', () => {
  const scale = heatScale([-0.1, 0.4], true);
  expect(scale).toEqual({ low: -0.4, high: 0.4, diverging: true });
  expect([-0.4, -0.2, -0.001, 0, 0.4].map((value) => shadeOf(value, scale))).toEqual([
    -shades,
    -shades / 2,
    0,
    0,
    shades,
  ]);
});

test('no values, and all alike, have a scale too', () => {
  expect(heatScale([])).toEqual({ low: 0, high: 1, diverging: false });
  expect(shadeOf(3, heatScale([3, 3]))).toBe(0);
  expect(shadeOf(0, heatScale([0, 0], true))).toBe(0);
});

test('cells of one shade are one path, in the order of the rows', () => {
  const paths = shadePaths([1, 0, 0, 1], 2, heatScale([0, 1]), 10);
  expect([...paths]).toEqual([[shades, 'M0 0h10v10h-10zM10 10h10v10h-10z']]);
});
