import { expect, test } from 'vitest';
import { toCsv, toLatex, toMarkdown } from '../../../src/lab/formats/table.ts';
import { comparisonTable, longComparisonTable } from '../../../src/lab/report/comparisonTable.ts';
import type { ComparisonRow, TestRow } from '../../../src/lab/report/report.ts';
import { testTable } from '../../../src/lab/report/testTable.ts';

function row(dataset: string, system: string, hits: number): ComparisonRow {
  return { dataset, system, stage: 'retrieve', queries: 9, documents: 90, metrics: { 'hits@10': hits } };
}

function tested(dataset: string | null, kind: TestRow['kind'], corrected: number): TestRow {
  return {
    name: `${kind} ${dataset}`,
    kind,
    n: 9,
    meanDifference: -0.2,
    statistic: kind === 'paired-t' ? -3 : null,
    degreesOfFreedom: kind === 'paired-t' ? 8 : null,
    pValue: corrected / 2,
    sentence: '',
    of: {
      system: 'small',
      against: 'baseline',
      stage: 'retrieve',
      metric: 'hits@10',
      dataset,
      corrected,
      interval: [-0.3, -0.1],
    },
  };
}

const figures = {
  comparison: [row('one', 'baseline', 0.5), row('one', 'small', 0.3), row('two', 'baseline', 0.7)],
  speed: [],
  tests: [
    tested('one', 'paired-t', 0.01),
    tested('one', 'randomisation', 0.04),
    tested(null, 'paired-t', 0.2),
  ],
};
const choice = {
  stages: ['retrieve'],
  metrics: ['hits@10'],
  systems: ['baseline', 'small'],
} as const;

test('the best is bold, a significant difference has a dagger, a mean needs every collection', () => {
  const table = comparisonTable(figures, choice);
  expect(toMarkdown(table).split('\n').slice(2, 7)).toEqual([
    '| collection | Hits@10 Baseline | Hits@10 small |',
    '| --- | ---: | ---: |',
    '| one | **0.500** | 0.300† |',
    '| two | 0.700 |  |',
    '| mean | 0.600 |  |',
  ]);
  expect(toLatex(table)).toContain('one & \\textbf{0.500} & 0.300$^\\dagger$ \\\\');
  expect(toCsv(table).split('\r\n')[1]).toBe('one,0.5,0.3');
});

test('hidden systems are gone from the table, and stay in the long one', () => {
  expect(comparisonTable(figures, { ...choice, systems: ['small'] }).columns).toEqual([
    'collection',
    'Hits@10 small',
  ]);
  expect(longComparisonTable(figures).rows).toHaveLength(3);
});

test('a difference’s two tests stand in one row', () => {
  const table = testTable('Differences', figures.tests.slice(0, 2));
  expect(table.rows).toEqual([
    ['Hits@10, retrieve', 'small − Baseline', 9, -0.2, -0.3, -0.1, -3, 0.005, 0.01, 0.02, 0.04],
  ]);
});
