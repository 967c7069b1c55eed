import { expect, test } from 'vitest';
import { hubEntries } from '../../../src/lab/data/hub/entries.ts';
import { besideTable, besideThePaper } from '../../../src/lab/paper/beside.ts';
import { paperEntryOf, paperPairOf } from '../../../src/lab/paper/identity.ts';
import { reported } from '../../../src/lab/paper/reported.ts';
import type { ComparisonRow, SpeedRow } from '../../../src/lab/report/report.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';

const row = (
  dataset: string,
  system: string,
  stage: ComparisonRow['stage'],
  hits: number,
): ComparisonRow => ({
  dataset,
  system,
  stage,
  queries: 300,
  documents: 5183,
  metrics: { 'hits@10': hits, 'mrr@10': hits / 2 },
});
const scifact = { name: 'scifact', source: 'hub:BeIR/scifact@0123abc' };
const other = { name: 'foldoc', source: 'bundled:foldoc' };

test('every entry is a row of Table 1, in its order', () => {
  expect(hubEntries.map(({ id }) => id)).toEqual(reported.table1.map(({ dataset }) => dataset));
});

test('rows of the paper’s systems on its collections stand beside Table 1', () => {
  const joined = besideThePaper({
    comparison: [
      row('scifact', 'baseline', 'retrieve', 0.64),
      row('scifact', 'de-2-ce', 'retrieve+rerank', 0.7),
      row('scifact', 'de-2-rand', 'retrieve+rerank', 0.6),
      row('scifact', 'bm25', 'retrieve', 0.8),
      row('foldoc', 'baseline', 'retrieve', 0.9),
    ],
    speed: [{ dataset: 'scifact', system: 'de-2-ce', speedup: 4.5 } as SpeedRow],
    datasets: [scifact, other],
  });
  expect(joined.map(({ paperDataset, system, stage }) => [paperDataset, system, stage])).toEqual([
    ['beir/scifact/test', 'baseline', 'retrieve'],
    ['beir/scifact/test', 'de-2-ce', 'retrieve+rerank'],
  ]);
  const [baseline, infused] = joined;
  expect(baseline?.figures[0]).toMatchObject({ ours: 0.64, paper: 0.63 });
  expect(baseline?.figures[0]?.difference).toBeCloseTo(0.01, 12);
  expect(baseline?.speedup).toBeNull();
  expect(infused?.figures[1]).toMatchObject({ ours: 0.35, paper: 0.55 });
  expect(infused?.speedup).toEqual({ ours: 4.5, paper: 4.7 });
});

test('the table keeps the paper’s two decimals', () => {
  const table = besideTable(
    besideThePaper({ comparison: [row('scifact', 'baseline', 'retrieve', 0.64)], datasets: [scifact] }),
  );
  expect(table.columns).toHaveLength(10);
  expect(table.rows[0]?.slice(0, 6)).toEqual([
    'beir/scifact/test',
    'Baseline, retrieve',
    300,
    5183,
    0.64,
    '0.63',
  ]);
});

test('a collection is known by its repository, a dropped folder by its name, and a bundled one never', () => {
  expect(paperEntryOf({ name: 'x', source: 'hub:sentence-transformers/gooaq' })?.id).toBe('gooaq/train');
  expect(paperEntryOf({ name: 'zeshel', source: 'folder:zeshel' })?.id).toBe('zeshel/test');
  expect(paperEntryOf({ name: 'stsb', source: 'local:stsb' })?.id).toBe('stsb/train');
  expect(paperEntryOf({ name: 'stsb', source: 'bundled:stsb' })).toBeNull();
  expect(paperEntryOf({ name: 'stsb', source: 'hub:someone/else' })).toBeNull();
});

test('the paper’s pairs are known whatever the revision', () => {
  const models = (ce: string, de: string) =>
    parseSpec({
      models: { ce: { source: ce }, de: { source: de } },
      datasets: [{ source: 'bundled:foldoc' }],
    }).models;
  expect(
    paperPairOf(
      models(
        'hub:cross-encoder/ms-marco-MiniLM-L12-v2@main',
        'hub:sentence-transformers/msmarco-MiniLM-L-12-v3',
      ),
    ),
  ).toBe('minilm');
  expect(
    paperPairOf(models('hub:mixedbread-ai/mxbai-rerank-large-v1', 'hub:mixedbread-ai/mxbai-embed-large-v1')),
  ).toBe('mxbai');
  expect(paperPairOf(models('bundled:mini-ce', 'hub:mixedbread-ai/mxbai-embed-large-v1'))).toBeNull();
});
