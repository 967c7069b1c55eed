import { expect, test } from 'vitest';
import { toMarkdown } from '../../../src/lab/formats/table.ts';
import { mtebFiles, nanoBeirTable } from '../../../src/lab/report/mteb.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';

const metrics = (ndcg: number) => ({ 'hits@10': 0.5, 'mrr@10': 0.25, 'ndcg@10': ndcg });
const extent = { queries: 50, documents: 9 };
const dataset = (name: string) => ({
  ...extent,
  name,
  title: name,
  source: 'hub:sentence-transformers/NanoBEIR-en@abc123',
  totalQueries: 50,
  totalDocuments: 9,
});

const report = {
  spec: defaultSpec(),
  environment: { datasets: [dataset('NanoNQ'), dataset('NanoMSMARCO'), dataset('foldoc')] },
  layerwise: [
    { dataset: 'NanoNQ', model: 'ce', layer: 0, ...extent, metrics: metrics(0.2), intervals: {} },
    { dataset: 'NanoMSMARCO', model: 'ce', layer: 0, ...extent, metrics: metrics(0.4), intervals: {} },
    { dataset: 'foldoc', model: 'ce', layer: 0, ...extent, metrics: metrics(0.9), intervals: {} },
  ],
  comparison: [
    { dataset: 'NanoNQ', system: 'baseline', stage: 'retrieve', ...extent, metrics: metrics(0.5) },
    { dataset: 'NanoNQ', system: 'baseline', stage: 'retrieve+rerank', ...extent, metrics: metrics(0.6) },
  ],
} as unknown as Report;

test('the table has a row a collection, and the mean of systems that have them all', () => {
  expect(toMarkdown(nanoBeirTable(report)!).split('\n').slice(2)).toEqual([
    '|  | ce-layer-0 | baseline | baseline, reranked |',
    '| --- | ---: | ---: | ---: |',
    '| NanoMSMARCO | 0.400 |  |  |',
    '| NanoNQ | 0.200 | 0.500 | 0.600 |',
    // (0.4 + 0.2) / 2
    '| mean | 0.300 |  |  |',
    '',
  ]);
});

test("a result is what MTEB's TaskResult asks for, by MTEB's names of tasks and scores", () => {
  const files = mtebFiles(report);
  expect(files.map(({ path }) => path)).toEqual([
    'results/ce-layer-0/no_revision_available/NanoNQRetrieval.json',
    'results/ce-layer-0/no_revision_available/NanoMSMARCORetrieval.json',
    'results/baseline/no_revision_available/NanoNQRetrieval.json',
    'results/baseline_reranked/no_revision_available/NanoNQRetrieval.json',
    'model-card.md',
  ]);
  expect(JSON.parse(files[0]!.text)).toEqual({
    dataset_revision: 'abc123',
    task_name: 'NanoNQRetrieval',
    mteb_version: null,
    scores: {
      train: [
        {
          hit_rate_at_10: 0.5,
          mrr_at_10: 0.25,
          ndcg_at_10: 0.2,
          main_score: 0.2,
          hf_subset: 'default',
          languages: ['eng-Latn'],
        },
      ],
    },
    evaluation_time: null,
    kg_co2_emissions: null,
  });
  expect(files.at(-1)!.text).toContain('All documents of each collection.');
});

test('a report without NanoBEIR has no such files', () => {
  const without = { ...report, layerwise: [], comparison: [] } as unknown as Report;
  expect(mtebFiles(without)).toEqual([]);
  expect(nanoBeirTable(without)).toBeNull();
});
