import { expect, test } from 'vitest';
import { pooledTests } from '../../../src/lab/compare/pooledTests.ts';
import type { ComparisonRow } from '../../../src/lab/report/report.ts';

const perQuery: Readonly<Record<string, readonly number[]>> = {
  'one base': [0, 1, 0.5, 0],
  'two base': [0.25, 0, 1, 0.5],
  'one better': [1, 1, 0.5, 0.5],
  'two better': [0.5, 1, 1, 0.5],
  'one worse': [0, 0, 0.5, 0],
  'two worse': [0, 0, 1, 0.25],
};
const rows = Object.keys(perQuery).map((place): ComparisonRow => {
  const [dataset = '', system = ''] = place.split(' ');
  return { dataset, system, stage: 'retrieve', queries: 4, documents: 9, metrics: {} };
});
const tests = pooledTests(rows, 'base', (dataset, system, stage, metric) =>
  stage === 'retrieve' && metric === 'mrr@10'
    ? Float64Array.from(perQuery[`${dataset} ${system}`]!)
    : undefined,
);

/*
 * scipy.stats.ttest_rel over all eight queries:
 *   better - base = [1, 0, 0, 0.5, 0.25, 1, 0, 0]: t = 2.2, p = 0.063731, 95 % -0.025723 to 0.713223
 *   worse - base = [0, -1, 0, 0, -0.25, 0, 0, -0.25]: t = -1.527525, p = 0.170471, 95 % -0.477752 to 0.102752
 * Holm over the two: 2 · 0.063731 and 0.170471.
 */
test('queries of all collections are paired together, and Holm corrects over the whole table', () => {
  expect(tests.map(({ of }) => of?.system)).toEqual(['better', 'worse']);
  const [better, worse] = tests;
  expect(better).toMatchObject({ n: 8, meanDifference: 0.34375 });
  expect(better!.statistic).toBeCloseTo(2.2, 10);
  expect(better!.of!.interval![0]).toBeCloseTo(-0.025722539, 8);
  expect(better!.of!.interval![1]).toBeCloseTo(0.713222539, 8);
  expect(better!.of!.corrected).toBeCloseTo(2 * 0.0637310153, 8);
  expect(worse!.pValue).toBeCloseTo(0.1704706608, 8);
  expect(worse!.of!.corrected).toBeCloseTo(0.1704706608, 8);
});

test('a system that failed on a collection has no pooled test', () => {
  const some = pooledTests(rows, 'base', (dataset, system, stage, metric) =>
    dataset === 'two' && system === 'better'
      ? undefined
      : stage === 'retrieve' && metric === 'mrr@10'
        ? Float64Array.from(perQuery[`${dataset} ${system}`]!)
        : undefined,
  );
  expect(some.map(({ of }) => of?.system)).toEqual(['worse']);
});
