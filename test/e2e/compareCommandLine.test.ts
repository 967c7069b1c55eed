import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { comparisonTable } from '../../src/lab/report/comparisonTable.ts';
import type { Report, Stage, TestRow } from '../../src/lab/report/report.ts';
import { summaryTable } from '../../src/lab/report/summaryTable.ts';
import type { SpecInput } from '../../src/lab/spec/spec.ts';
import { holmByDefinition, pairedByDefinition, signPatternsP } from '../support/pairedTests.ts';
import { type Measures, measureQueries } from '../support/trecMeasures.ts';
import { lab, reportIn, root, scratchFolder, written } from './support/commandLine.ts';

const scratch = scratchFolder();
const out = join(scratch, 'out');
const stages = ['retrieve', 'retrieve+rerank'] as const;
const tested = ['hits@10', 'mrr@10'] as const;
const trained = [
  'de-2-ce',
  'de-2-de',
  'de-2-rand',
  'de-2-mse',
  'de-2-margin-mse',
  'de-2-kl',
  'de-2-adaptive',
];
const systems = [
  'baseline',
  ...trained,
  'de-2-adaptive layer 1',
  'de-2-adaptive layer 0',
  'asymmetric',
  'static-ce',
  'static-ce idf',
  'static-de',
  'static-de idf',
  'bm25',
  'hybrid',
];
const others = systems.slice(1);

/** Of each collection: fewer than recall and MAP go deep. */
const documents = 30;

/** "What makes a small model good?" as the examples have it, in seconds: few texts, and a step or two a model. */
function smallest(): SpecInput {
  const spec = JSON.parse(readFileSync(join(root, 'examples/small-model.json'), 'utf8')) as SpecInput;
  // Of one collection's pairs, among which hard negatives are soon found.
  const steps = { steps: 2, batchSize: 4, maxLength: 16, warmupSteps: 1, data: ['bundled:foldoc'] };
  return {
    ...spec,
    datasets: spec.datasets.map((dataset) => ({ ...dataset, queries: 8, documents })),
    train: spec.train?.map((train) => ({ ...train, ...steps })),
    compare: { ...spec.compare, rerankDepth: 10, speed: false },
  };
}

let report: Report;
let datasets: string[];
/** Of every query, measured again from the files. */
const measures = new Map<string, Map<string, Measures>>();
const key = (...place: readonly string[]): string => place.join(' / ');

function fileOf(dataset: string, system: string, stage: Stage): string {
  return readFileSync(join(out, `runs/${dataset}/${system.replaceAll(' ', '-')}.${stage}.trec`), 'utf8');
}

function each(dataset: string, system: string, stage: Stage, metric: string): number[] {
  return [...measures.get(key(dataset, system, stage))!.values()].map((one) => one[metric]!);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function meanOver(of: readonly string[], system: string, stage: Stage, metric: string): number {
  return mean(of.map((dataset) => mean(each(dataset, system, stage, metric))));
}

/** What a test pairs: means of collections, queries of one, or queries of all. */
function paired(over: string | 'means' | 'queries', system: string, stage: Stage, metric: string): number[] {
  if (over === 'means') return datasets.map((dataset) => mean(each(dataset, system, stage, metric)));
  const of = over === 'queries' ? datasets : [over];
  return of.flatMap((dataset) => each(dataset, system, stage, metric));
}

/** Holds a test's figures against its definition. @returns p before correction */
function recomputed(row: TestRow, over: string): number | null {
  const { system, against, stage, metric, interval } = row.of!;
  const [a, b] = [system, against].map((one) => paired(over, one, stage, metric)) as [number[], number[]];
  const own = pairedByDefinition(a, b);
  const where = `${row.name}, ${row.kind}`;
  expect(against).toBe('baseline');
  expect(row.n, where).toBe(own.n);
  expect(row.meanDifference, where).toBeCloseTo(own.meanDifference, 12);
  for (const [at, bound] of own.interval.entries()) {
    expect(interval![at], where).toBeCloseTo(bound, 9);
  }
  const pValue = row.kind === 'randomisation' ? signPatternsP(a, b) : own.pValue;
  expectP(row.pValue, pValue, where);
  return pValue;
}

function expectP(given: number | null | undefined, own: number | null, where: string): void {
  if (own === null) expect(given, where).toBeNull();
  else expect(given, where).toBeCloseTo(own, 9);
}

beforeAll(() => {
  const spec = written(scratch, 'compare.json', smallest());
  const cache = join(scratch, 'cache');
  const { status, stderr } = lab('run', spec, '--out', out, '--runtime', 'node', '--cache', cache);
  expect(status, stderr.slice(-2000)).toBe(0);
  report = reportIn(out);
  datasets = [...new Set(report.comparison.map(({ dataset }) => dataset))];
  for (const dataset of datasets) {
    const qrels = readFileSync(join(out, `qrels/${dataset}.trec`), 'utf8');
    for (const system of systems) {
      for (const stage of stages) {
        measures.set(
          key(dataset, system, stage),
          measureQueries(fileOf(dataset, system, stage), qrels, documents),
        );
      }
    }
  }
});

test('every model is trained, and every system retrieves and is reranked on four collections', () => {
  expect(report.training.map(({ name }) => name)).toEqual(trained);
  for (const name of trained) {
    expect(existsSync(join(out, 'models', name, 'onnx/model.onnx')), name).toBe(true);
  }
  expect(report.failures).toEqual([]);
  expect(datasets).toHaveLength(4);
  const places = (['retrieve', 'retrieve+rerank'] as const).flatMap((stage) =>
    systems.flatMap((system) => datasets.map((dataset) => key(dataset, system, stage))),
  );
  expect(report.comparison.map((row) => key(row.dataset, row.system, row.stage)).sort()).toEqual(
    places.sort(),
  );
});

test('every metric of every row is that of its run file', () => {
  for (const { dataset, system, stage, queries, metrics } of report.comparison) {
    expect(queries).toBe(8);
    expect(Object.keys(metrics)).toEqual(
      expect.arrayContaining(['hits@1', 'hits@10', 'mrr@10', 'ndcg@10', 'recall@10']),
    );
    for (const [metric, value] of Object.entries(metrics)) {
      const where = key(dataset, system, stage, metric);
      expect(each(dataset, system, stage, metric), where).toHaveLength(8);
      expect(value, where).toBeCloseTo(mean(each(dataset, system, stage, metric)), 12);
    }
  }
});

test('a reranked list holds the first ten of the retrieved one, and a pair has one logit whoever found it', () => {
  for (const dataset of datasets) {
    const logits = new Map<string, string>();
    for (const system of systems) {
      const [found, again] = stages.map((stage) => lists(fileOf(dataset, system, stage)));
      expect([...again!.keys()]).toEqual([...found!.keys()]);
      for (const [query, list] of again!) {
        const first = found!.get(query)!.slice(0, 10);
        expect(list.map(({ id }) => id).sort(), system).toEqual(first.map(({ id }) => id).sort());
        for (const { id, score } of list) {
          const pair = key(query, id);
          expect(score, pair).toBe(logits.get(pair) ?? score);
          logits.set(pair, score);
        }
      }
    }
  }
});

test('the hybrid’s scores are reciprocal ranks of its parts, added up', () => {
  for (const dataset of datasets) {
    const [words, vectors, fused] = ['bm25', 'baseline', 'hybrid'].map((system) =>
      lists(fileOf(dataset, system, 'retrieve')),
    );
    for (const [query, list] of fused!) {
      for (const { id, score } of list) {
        const parts = [words!, vectors!].map((part) =>
          (part.get(query) ?? []).findIndex((one) => one.id === id),
        );
        const sum = parts.reduce((total, at) => total + (at < 0 ? 0 : 1 / (60 + at + 1)), 0);
        expect(Number(score), key(dataset, query, id)).toBeCloseTo(sum, 8);
      }
    }
  }
});

test('tests over collections and over the queries of each have their p, by Holm over the systems', () => {
  const families = new Map<string, TestRow[]>();
  for (const row of report.tests) {
    const { stage, metric, dataset } = row.of!;
    const name = key(row.kind, stage, metric, dataset ?? 'means');
    families.set(name, [...(families.get(name) ?? []), row]);
  }
  // Two kinds, two stages, two metrics; the means, and four collections.
  expect(families.size).toBe(2 * 2 * 2 * 5);
  for (const [name, rows] of families) {
    expect(rows.map(({ of }) => of!.system)).toEqual(others);
    const corrected = holmByDefinition(rows.map((row) => recomputed(row, row.of!.dataset ?? 'means')));
    for (const [at, row] of rows.entries()) expectP(row.of!.corrected, corrected[at]!, name);
  }
});

test('tests over the queries of all collections have their p, by Holm over the whole table', () => {
  const rows = report.pooledTests;
  expect(rows).toHaveLength(others.length * tested.length * stages.length);
  const corrected = holmByDefinition(rows.map((row) => recomputed(row, 'queries')));
  for (const [at, row] of rows.entries()) {
    expect(row.n).toBe(4 * 8);
    expectP(row.of!.corrected, corrected[at]!, row.name);
  }
});

test('the table of all systems shows those means, differences, intervals and corrected p', () => {
  const { columns, rows } = summaryTable(report, 'all');
  expect(rows).toHaveLength(systems.length);
  const number = (cell: unknown): number | null =>
    typeof cell === 'object' && cell !== null ? (cell as { value: number }).value : (cell as number | null);
  const pooled = report.pooledTests.map((row) => ({ ...row.of!, p: recomputed(row, 'queries') }));
  const corrected = holmByDefinition(pooled.map(({ p }) => p));
  for (const [at, system] of systems.entries()) {
    const cells = Object.fromEntries(columns.map((name, column) => [name, rows[at]![column]!]));
    const shown = (name: string, value: number): void =>
      expect(number(cells[name]), `${system}, ${name}`).toBeCloseTo(value, 12);
    shown('Hits@10', meanOver(datasets, system, 'retrieve', 'hits@10'));
    shown('MRR@10', meanOver(datasets, system, 'retrieve', 'mrr@10'));
    shown('MRR@10 + rerank', meanOver(datasets, system, 'retrieve+rerank', 'mrr@10'));
    if (system === 'baseline') continue;
    const [a, b] = [system, 'baseline'].map((one) => paired('queries', one, 'retrieve', 'mrr@10'));
    const own = pairedByDefinition(a!, b!);
    shown('MRR@10 above the reference', own.meanDifference);
    const bounds = String(cells['95 %']).split(' to ').map(Number);
    for (const [end, bound] of own.interval.entries()) expect(bounds[end]).toBeCloseTo(bound, 2);
    const place = pooled.findIndex(
      (one) => one.system === system && one.stage === 'retrieve' && one.metric === 'mrr@10',
    );
    expectP(number(cells['p, Holm']), corrected[place]!, system);
  }
});

test('the table by collection shows the same figures, and their means last', () => {
  const metrics = ['hits@10', 'mrr@10', 'ndcg@10'];
  const { rows } = comparisonTable(report, { stages, metrics, systems });
  const columns = metrics.flatMap((metric) =>
    stages.flatMap((stage) => systems.map((system) => ({ metric, stage, system }))),
  );
  expect(rows.map(([name]) => name)).toEqual([...datasets, 'mean']);
  for (const [at, [name, ...cells]] of rows.entries()) {
    expect(cells).toHaveLength(columns.length);
    for (const [column, { metric, stage, system }] of columns.entries()) {
      const value = meanOver(at < datasets.length ? [String(name)] : datasets, system, stage, metric);
      expect((cells[column] as { value: number }).value, key(String(name), system)).toBeCloseTo(value, 12);
    }
  }
});

/** A run file's lists by query, best first. */
function lists(run: string): Map<string, { id: string; score: string }[]> {
  const found = new Map<string, { id: string; score: string }[]>();
  for (const line of run.trim().split('\n')) {
    const [query = '', , id = '', , score = ''] = line.split(' ');
    found.set(query, [...(found.get(query) ?? []), { id, score }]);
  }
  return found;
}
