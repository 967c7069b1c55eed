import { expect, test } from 'vitest';
import { interval, list, pText, seconds, share, signed } from '../../../src/lab/lesson/numbers.ts';

test('times are said in the unit that fits them', () => {
  expect([0.0123, 0.15, 1.26, 13.4, 200, 3000, 5000, 50_000, 900_000].map(seconds)).toEqual([
    '0.012 s',
    '0.15 s',
    '1.3 s',
    '13 s',
    '3 min',
    '50 min',
    '1 h 23 min',
    '14 hours',
    '10 days',
  ]);
});

test('p-values keep three decimals, or the first digit below them', () => {
  expect([0.1548, 0.0005, 0.00016, 0.000012].map(pText)).toEqual(['0.155', '0.001', '0.0002', '0.00001']);
});

test('signs, shares, intervals and lists are written out', () => {
  expect([signed(-0.5, 2), signed(-0.001, 2), signed(1, 1)]).toEqual(['−0.50', '0.00', '1.0']);
  expect([share(1, 4), share(1, 0)]).toEqual(['25 %', 'no share']);
  expect(interval([-0.0431, 0.1694])).toBe('−0.043 to 0.169');
  expect([list(['emb']), list(['emb', '1', '2'])]).toEqual(['emb', 'emb, 1 and 2']);
});
