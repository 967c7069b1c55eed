import { expect, test } from 'vitest';
import { layersBeside } from '../../../src/lab/paper/layersBeside.ts';
import type { LayerwiseRow } from '../../../src/lab/report/report.ts';

const row = (dataset: string, model: 'ce' | 'de', layer: number, hits: number): LayerwiseRow => ({
  dataset,
  model,
  layer,
  queries: 10,
  documents: 100,
  metrics: { 'hits@10': hits },
  intervals: {},
});
const collection = (name: string, ce: number, de: number, final: number): LayerwiseRow[] => [
  row(name, 'ce', 0, ce),
  row(name, 'ce', 1, 0.1),
  row(name, 'de', 0, de),
  row(name, 'de', 1, final),
];

test('embedding layers, by hand', () => {
  const rows = [
    ...collection('a', 0.8, 0.4, 1),
    ...collection('b', 0.2, 0.15, 0.8),
    ...collection('c', 0.5, 0.5, 0.6),
  ];
  // Shares of the CE's: 1/2, 1/4, 0. Points: 0.4, 0.05, 0. Of the final: 0.8, 0.25, 0.83.
  // scipy 1.17.1: stats.ttest_rel([.4, .15, .5], [.8, .2, .5]).pvalue = 0.35550
  expect(layersBeside(rows, 'minilm')?.rows.map((cells) => cells.slice(1))).toEqual([
    ['25.0 %', '29.5 %'],
    ['15.0 points', '29.5 %'],
    ['p = 0.3555, n = 3', 'p < 0.01, n = 10'],
    ['2 of 3', '5 of 10'],
    ['1 of 3', '2 of 10'],
  ]);
});

test('nothing without both models', () => {
  expect(layersBeside([row('a', 'ce', 0, 0.5)], 'mxbai')).toBeNull();
});
