import { expect, test } from 'vitest';
import { withinOnePercent } from '../../../src/lab/stats/within.ts';

test('a point and a hundredth are two things, and rounding does not decide', () => {
  // 0.19 is 0.01 below 0.20 but 5 % of it; 0.98 is 1 % below 0.99 and a point; 0.5 is above; 0.3 is far below.
  expect(withinOnePercent([0.19, 0.9801, 0.5, 0.3], [0.2, 0.99, 0.4, 0.4])).toEqual({
    of: 4,
    points: 3,
    relative: 2,
  });
});

test('sides of unequal length are refused', () => {
  expect(() => withinOnePercent([1], [])).toThrow(RangeError);
});
