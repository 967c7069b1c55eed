import { expect, test } from 'vitest';
import { bootstrapIntervals, quantile } from '../../../src/lab/stats/bootstrap.ts';
import { freshRandom } from '../../support/random.ts';

test('the interval of a mean is near the normal one, and the same for one seed', () => {
  const random = freshRandom();
  const values = Float64Array.from(random.normal(400));
  const perQuery = new Map([['mean', values]]);
  const given = { samples: 4000, seed: random.int(0, 1000) };
  const [low, high] = bootstrapIntervals(perQuery, given).mean!;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  const half = (1.96 * deviation) / Math.sqrt(values.length);
  // Of 4,000 draws a 2.5 % quantile strays by less than a fifth of the half-width.
  expect(Math.abs(low - (mean - half))).toBeLessThan(half / 5);
  expect(Math.abs(high - (mean + half))).toBeLessThan(half / 5);
  expect(bootstrapIntervals(perQuery, given).mean).toEqual([low, high]);
});

test('metrics share the draws', () => {
  const values = Float64Array.of(0, 1, 1, 0, 1);
  const { a, b } = bootstrapIntervals(
    new Map([
      ['a', values],
      ['b', values.map((value) => 2 * value)],
    ]),
    { samples: 200, seed: 3 },
  );
  expect(b).toEqual(a!.map((bound) => 2 * bound));
});

test('one query gives a point, no samples give nothing', () => {
  const one = new Map([['hits@10', Float64Array.of(1)]]);
  expect(bootstrapIntervals(one, { samples: 50, seed: 1 })['hits@10']).toEqual([1, 1]);
  expect(bootstrapIntervals(one, { samples: 0, seed: 1 })).toEqual({});
  expect(bootstrapIntervals(new Map(), { samples: 50, seed: 1 })).toEqual({});
});

test('quantiles interpolate as NumPy does', () => {
  // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1])
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.1, 0.5, 0.9, 1].map((p) => quantile(sorted, p))).toEqual([1, 1.3, 3, 6.8000000000000007, 8]);
});
