import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureTrec } from '../support/trecMeasures.ts';
import { lab, reportIn, scratchFolder, written } from './support/commandLine.ts';

const scratch = scratchFolder();

test('one spec trains DE-2 CE and DE-2 Rand and compares them, and its files give the same figures', () => {
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
    ],
    compare: { rerankDepth: 10 },
    keep: ['runs'],
  });
  const out = join(scratch, 'out');
  const { status, stderr } = lab('run', spec, '--out', out);
  expect(status, stderr.slice(-2000)).toBe(0);
  const { comparison, tests, training } = reportIn(out);
  expect(training.map(({ name }) => name)).toEqual(['de-2-ce', 'de-2-rand']);
  // Four systems, two stages, four collections.
  expect(comparison).toHaveLength(4 * 2 * 4);
  expect(new Set(comparison.map(({ system }) => system))).toEqual(
    new Set(['baseline', 'de-2-ce', 'de-2-rand', 'bm25']),
  );
  for (const { dataset, system, stage, metrics } of comparison) {
    const measured = measureTrec(
      readFileSync(join(out, `runs/${dataset}/${system}.${stage}.trec`), 'utf8'),
      readFileSync(join(out, `qrels/${dataset}.trec`), 'utf8'),
    );
    for (const name of ['hits@10', 'mrr@10', 'ndcg@10']) {
      expect(metrics[name], `${dataset} ${system} ${stage} ${name}`).toBeCloseTo(measured[name]!, 12);
    }
  }
  expect(tests.filter(({ of }) => of?.dataset === null)).toHaveLength(3 * 2 * 2 * 2);
  for (const name of ['de-2-ce', 'de-2-rand'])
    expect(existsSync(join(out, 'models', name, 'onnx/model.onnx'))).toBe(true);
});
