import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type DeTraining,
  readDeTraining,
  studyContrast,
  studyCurves,
  studySentences,
} from '../../../src/lab/report/deTraining.ts';
import { pairedTTest } from '../../../src/lab/stats/ttest.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const stored = readDeTraining(read('public/stored/de-training.json'));

test('the stored study has every layer of a CE and three DEs on the four collections, its tests from these rows', () => {
  expect(stored.rows).toHaveLength(4 * 4 * 7);
  expect(stored.tests).toHaveLength(3 * 7 * 2);
  const values = (model: string, layer: number, metric: 'hits@10' | 'mrr@10'): number[] =>
    stored.rows.filter((row) => row.model === model && row.layer === layer).map((row) => row[metric]);
  for (const { model, layer, metric, n, meanDifference, t, p } of stored.tests) {
    const test = pairedTTest(values('ce', layer, metric), values(model, layer, metric));
    // scipy's, of rows before they were rounded to four places.
    expect(test.n).toBe(n);
    expect(Math.abs(test.meanDifference - meanDifference)).toBeLessThan(2e-4);
    expect(Math.abs(test.statistic! - t)).toBeLessThan(0.02);
    expect(Math.abs(test.pValue! - p)).toBeLessThan(0.002);
  }
});

test('the pair of the study is the bundled one', () => {
  const { collections } = JSON.parse(read('test/reference/collections.json')) as {
    collections: Record<string, Record<string, { layer: number; 'hits@10': number; 'mrr@10': number }[]>>;
  };
  for (const { dataset, model, layer, ...row } of stored.rows) {
    if (model !== 'ce' && model !== 'shipped') continue;
    const expected = collections[dataset]![model === 'ce' ? 'mini-ce' : 'mini-de']![layer]!;
    expect(row['hits@10']).toBeCloseTo(expected['hits@10'], 4);
    expect(row['mrr@10']).toBeCloseTo(expected['mrr@10'], 4);
  }
});

const row = (dataset: string, model: string, layer: number, hits: number) => ({
  dataset,
  model,
  layer,
  queries: 10,
  documents: 20,
  'hits@10': hits,
  'mrr@10': 0,
});
const small: DeTraining = {
  setup: { pairs: 1, steps: 1, batch: 1, tokens: 1, rate: 1, teacher: 'a teacher' },
  models: [
    { id: 'ce', title: 'CE' },
    { id: 'labels', title: 'DE by labels' },
    { id: 'teacher', title: 'DE by a teacher' },
  ],
  rows: [
    row('a', 'ce', 0, 0.4),
    row('b', 'ce', 0, 0.2),
    row('a', 'ce', 1, 0.3),
    row('b', 'ce', 1, 0.1),
    row('a', 'labels', 0, 0.2),
    row('b', 'labels', 0, 0.2),
    row('a', 'labels', 1, 0.5),
    row('b', 'labels', 1, 0.5),
    row('a', 'teacher', 0, 0.5),
    row('b', 'teacher', 0, 0.3),
    row('a', 'teacher', 1, 0.6),
    row('b', 'teacher', 1, 0.6),
  ],
  tests: [
    { model: 'labels', layer: 0, metric: 'hits@10', n: 2, meanDifference: 0.1, t: 1, p: 0.5 },
    { model: 'teacher', layer: 0, metric: 'hits@10', n: 2, meanDifference: -0.1, t: -1, p: 0.5 },
  ],
};

test('the words follow from the figures', () => {
  expect(studyCurves(small, 'hits@10').map(({ values }) => values.map((value) => value.toFixed(2)))).toEqual([
    ['0.30', '0.20'],
    ['0.20', '0.50'],
    ['0.40', '0.60'],
  ]);
  expect(studySentences(small, 'hits@10')).toEqual([
    'DE by labels: the CE’s embedding layer is 0.100 Hits@10 above its own (n = 2 collections, t(1) = 1.00, p = 0.500). On the mean the CE is ahead at the embedding layer alone; at its last layer the DE reaches 0.500.',
    'DE by a teacher: the CE’s embedding layer is 0.100 Hits@10 below its own (n = 2 collections, t(1) = -1.00, p = 0.500). On the mean the DE is ahead from the embedding layer on; at its last layer the DE reaches 0.600.',
  ]);
  expect(studyContrast(small, 'hits@10')).toBe(
    'The teacher’s similarities in place of labels, all else the same, change Hits@10 by +0.200 at the embedding layer, +0.100 at layer 1 and +0.100 at the last.',
  );
});
