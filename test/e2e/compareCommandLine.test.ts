import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureTrec } from '../support/trecMeasures.ts';
import { lab, reportIn, scratchFolder, written } from './support/commandLine.ts';

const scratch = scratchFolder();

/** What can be asked of a small model: its start, what it learns from, two encoders, none, and two lists in one. */
const trained = ['de-2-ce', 'de-2-rand', 'de-2-de', 'de-2-mse', 'de-2-margin-mse', 'de-2-kl'];
const asymmetric = { name: 'asymmetric', queries: 'de-2-mse', documents: 'baseline' };
const hybrid = { name: 'hybrid', fuse: ['bm25', 'baseline'] };
const systems = ['baseline', ...trained, asymmetric, 'static-ce', 'static-de idf', 'bm25', hybrid];
const names = systems.map((system) => (typeof system === 'string' ? system : system.name));

test('one spec trains every kind of small model and compares them, and its files give the same figures', () => {
  const shape = { layers: 2, negatives: 'bm25', steps: 4, batchSize: 4, maxLength: 16, warmupSteps: 1 };
  const spec = written(scratch, 'compare.json', {
    models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
    datasets: ['debian-packages', 'foldoc', 'wordnet-definitions', 'wordnet-examples'].map((name) => ({
      source: `bundled:${name}`,
      queries: 8,
      documents: 30,
    })),
    layerwise: { enabled: false },
    train: [
      { name: 'de-2-ce', init: 'ce', copyLayers: 1, ...shape },
      { name: 'de-2-rand', init: 'random', ...shape },
      { name: 'de-2-de', init: 'de', copyLayers: 1, ...shape },
      { name: 'de-2-mse', init: 'de', copyLayers: 2, loss: 'mse', ...shape },
      { name: 'de-2-margin-mse', init: 'ce', copyLayers: 1, loss: 'margin-mse', ...shape },
      { name: 'de-2-kl', init: 'ce', copyLayers: 1, loss: 'kl', ...shape },
    ],
    compare: { rerankDepth: 10, systems },
    keep: ['runs'],
  });
  const out = join(scratch, 'out');
  const { status, stderr } = lab('run', spec, '--out', out);
  expect(status, stderr.slice(-2000)).toBe(0);
  const { comparison, tests, pooledTests, training } = reportIn(out);
  expect(training.map(({ name }) => name)).toEqual(trained);
  // Twelve systems, two stages, four collections.
  expect(comparison).toHaveLength(12 * 2 * 4);
  expect(new Set(comparison.map(({ system }) => system))).toEqual(new Set(names));
  const mrr = new Map<string, number>();
  for (const { dataset, system, stage, metrics } of comparison) {
    const measured = measureTrec(
      readFileSync(join(out, `runs/${dataset}/${system.replace(' ', '-')}.${stage}.trec`), 'utf8'),
      readFileSync(join(out, `qrels/${dataset}.trec`), 'utf8'),
    );
    for (const name of ['hits@10', 'mrr@10', 'ndcg@10']) {
      expect(metrics[name], `${dataset} ${system} ${stage} ${name}`).toBeCloseTo(measured[name]!, 12);
    }
    const place = `${system} ${stage}`;
    mrr.set(place, (mrr.get(place) ?? 0) + measured['mrr@10']! / 4);
  }
  // Eight queries of each collection: the mean over all is the mean of the collections' means.
  for (const { of, n, meanDifference } of pooledTests.filter((test) => test.of?.metric === 'mrr@10')) {
    const [own, reference] = [of!.system, of!.against].map((system) => mrr.get(`${system} ${of!.stage}`)!);
    expect(n).toBe(32);
    expect(meanDifference, of!.system).toBeCloseTo(own! - reference!, 12);
  }
  expect(pooledTests).toHaveLength(11 * 2 * 2);
  expect(tests.filter(({ of }) => of?.dataset === null)).toHaveLength(11 * 2 * 2 * 2);
  for (const name of trained) expect(existsSync(join(out, 'models', name, 'onnx/model.onnx'))).toBe(true);
});
