import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  averagePanel,
  finalOfDe,
  metricLabel,
  panelsOf,
  relativeToFinal,
} from '../../../src/lab/report/curves.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import type { LayerwiseRow } from '../../../src/lab/report/report.ts';
import { reportVersion } from '../../../src/lab/report/report.ts';
import { layerwiseTable, longTable } from '../../../src/lab/report/tables.ts';
import { specVersion } from '../../../src/lab/spec/upgrade.ts';

function row(dataset: string, model: 'ce' | 'de', layer: number, value: number): LayerwiseRow {
  return {
    dataset,
    model,
    layer,
    queries: 10,
    documents: 20,
    metrics: { 'hits@10': value },
    intervals: { 'hits@10': [value - 0.1, value + 0.1] },
  };
}

const rows = [
  row('a', 'ce', 0, 0.4),
  row('a', 'ce', 1, 0.2),
  row('a', 'de', 0, 0.1),
  row('a', 'de', 1, 0.8),
  row('b', 'ce', 0, 0.6),
  row('b', 'ce', 1, 0.4),
  row('b', 'de', 0, 0.3),
  row('b', 'de', 1, 0.6),
];

test('an average counts collections alike, and only those that have both curves', () => {
  const values = (given: readonly LayerwiseRow[]) =>
    averagePanel(panelsOf(given, 'hits@10')).curves.map(({ points }) =>
      points.map(({ value }) => Number(value.toFixed(9))),
    );
  expect(values(rows)).toEqual([
    [0.5, 0.3],
    [0.2, 0.7],
  ]);
  // While the DE's curve of b is not there yet, its CE curve does not count either.
  expect(values(rows.slice(0, 6))).toEqual([
    [0.4, 0.2],
    [0.1, 0.8],
  ]);
});

test("bars are shares of the DE's last layer", () => {
  const [panel] = panelsOf(rows, 'hits@10');
  expect(finalOfDe(panel!)).toBe(0.8);
  expect(relativeToFinal(panel!).curves[0]!.points.map(({ value }) => value)).toEqual([0.5, 0.25]);
  const zero = panelsOf([row('a', 'ce', 0, 0.4), row('a', 'de', 0, 0)], 'hits@10')[0]!;
  expect(relativeToFinal(zero).curves).toEqual([]);
});

test('tables have one row a curve, or one a layer', () => {
  const table = layerwiseTable(rows, 'hits@10');
  expect(table.columns).toEqual(['collection', 'model', 'queries', 'documents', 'emb', '1']);
  expect(table.rows[1]).toEqual(['a', 'DE', 10, 20, 0.1, 0.8]);
  expect(table.rows.map(([name]) => name)).toEqual(['a', 'a', 'b', 'b', 'average', 'average']);
  expect(longTable(rows).rows).toHaveLength(8);
  expect(metricLabel('ndcg@10')).toBe('nDCG@10');
});

test('a report is read back whole; anything else is refused by field', () => {
  const text = readFileSync(new URL('../../../public/stored/report.json', import.meta.url), 'utf8');
  const stored = JSON.parse(text) as { spec: object };
  // Stored reports may be of before versions were.
  const versions = { version: reportVersion, spec: { ...stored.spec, version: specVersion } };
  expect(readReport(text, 'report.json')).toEqual({ ...stored, ...versions });
  expect(() => readReport('{', 'x.json')).toThrow('x.json: is not JSON');
  const broken = JSON.stringify({ ...(JSON.parse(text) as object), layerwise: [{ dataset: 3 }] });
  expect(() => readReport(broken, 'x.json')).toThrow('x.json, field "layerwise.0.dataset"');
});

test('a report of before versions and rerank depths were is read; one of a version to come is refused', () => {
  const text = readFileSync(new URL('../../../public/stored/report.json', import.meta.url), 'utf8');
  const { version: _, rerankDepths: __, ...old } = JSON.parse(text) as Record<string, unknown>;
  expect(readReport(JSON.stringify(old), 'report.json')).toMatchObject({
    version: reportVersion,
    rerankDepths: [],
    spec: { version: specVersion },
  });
  const newer = (document: object): string => JSON.stringify({ ...document, version: 99 });
  expect(() => readReport(newer(old), 'x.json')).toThrow('x.json, field "version": is 99');
  const withNewerSpec = JSON.stringify({ ...old, spec: { version: 99 } });
  expect(() => readReport(withNewerSpec, 'x.json')).toThrow('x.json, field "version": is 99');
});

test('the stored report agrees with the reference values', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const stored = readReport(read('../../../public/stored/report.json'), 'report.json');
  const { collections } = JSON.parse(read('../../reference/collections.json')) as {
    collections: Record<string, Record<string, { layer: number; 'hits@10': number; 'mrr@10': number }[]>>;
  };
  for (const { dataset, model, layer, metrics } of stored.layerwise) {
    const expected = collections[dataset]![`mini-${model}`]!.find((one) => one.layer === layer)!;
    expect(Math.abs(metrics['hits@10']! - expected['hits@10'])).toBeLessThanOrEqual(0.004);
    expect(Math.abs(metrics['mrr@10']! - expected['mrr@10'])).toBeLessThanOrEqual(0.003);
  }
  expect(stored.layerwise).toHaveLength(56);
});
