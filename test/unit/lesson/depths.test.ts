import { expect, test } from 'vitest';
import { depthPoints } from '../../../src/lab/lesson/depths.ts';
import { comparisonWith, systems } from './sources.ts';

test('a depth has its figure and what it costs a query', () => {
  // Half a second for ten queries.
  expect(depthPoints(comparisonWith(systems), 'baseline', 'hits@10')).toEqual([
    { depth: 0, value: 0.3, seconds: 0 },
    { depth: 10, value: 0.5, seconds: 0.05 },
  ]);
});
