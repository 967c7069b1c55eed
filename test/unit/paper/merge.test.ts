import { expect, test } from 'vitest';
import { compareAgain } from '../../../src/lab/bundle/again.ts';
import { mergeReports } from '../../../src/lab/paper/merge.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fakeServices } from '../../support/fakeServices.ts';

async function reportOf(name: string, queries: number): Promise<Report> {
  const spec = parseSpec({
    models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
    datasets: [{ source: `folder:${name}`, queries }],
    layerwise: { bootstrapSamples: 0 },
    compare: { systems: ['bm25'], rerankDepth: 0 },
  });
  return await runExperiment(spec, fakeServices(), () => {}, new AbortController().signal);
}

test('reports of a collection each are read as one, tested across them', async () => {
  const merged = mergeReports([await reportOf('one', 5), await reportOf('two', 12)]);
  expect(merged.datasets.map(({ name, queries }) => [name, queries])).toEqual([
    ['one', 5],
    ['two', 12],
  ]);
  expect(merged.layerwise).toHaveLength(2 * 2 * 3);
  expect(merged.comparison.map(({ dataset }) => dataset)).toEqual(['one', 'two']);
  expect(merged.tests.filter(({ of }) => of === undefined).map(({ n }) => n)).toEqual([2, 2]);
});

test('nothing merges to nothing', () => {
  expect(mergeReports([])).toEqual({
    layerwise: [],
    comparison: [],
    speed: [],
    training: [],
    datasets: [],
    tests: [],
  });
});

test('a repetition is held against what it repeats, figure by figure', async () => {
  const before = await reportOf('one', 5);
  // Three layers of two models and BM25, two figures each.
  expect(compareAgain([before], [await reportOf('one', 5)])).toEqual({ figures: 14, equal: 14, most: 0 });
  const [first, ...rest] = before.layerwise;
  const changed: Report = {
    ...before,
    layerwise: [
      { ...first!, metrics: { ...first!.metrics, 'hits@10': first!.metrics['hits@10']! + 0.25 } },
      ...rest,
    ],
    comparison: [],
  };
  const again = compareAgain([before], [changed]);
  expect(again).toMatchObject({ figures: 12, equal: 11 });
  expect(again.most).toBeCloseTo(0.25, 12);
});
