import { expect, test } from 'vitest';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { keptInWords } from '../../../src/lab/pipeline/keptInWords.ts';
import { enoughFor, removable } from '../../../src/lab/pipeline/removable.ts';
import { storageForecast } from '../../../src/lab/pipeline/storageForecast.ts';
import type { StoredSummary } from '../../../src/lab/pipeline/storedSummary.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { SpecInput } from '../../../src/lab/spec/spec.ts';
import { diskModel, madeModel } from '../../support/modelFiles.ts';

const config = (layers: number, width: number): ModelFiles =>
  madeModel({ 'config.json': JSON.stringify({ num_hidden_layers: layers, hidden_size: width }) });
const models: Readonly<Record<string, ModelFiles | null>> = {
  'folder:ce': config(3, 8),
  'folder:de': config(2, 4),
  'folder:bert': diskModel('test/reference/sentence-transformers/bert'),
  'hub:owner/name': null,
};
const sources = {
  load: () => Promise.resolve({ queries: 10, documents: 1000, charactersPerText: 50, bytes: 700 }),
  openFiles: (source: string) => Promise.resolve(models[source] ?? null),
};
const forecastOf = (input: Partial<SpecInput>, ce = 'folder:ce') =>
  storageForecast(
    parseSpec({
      models: { ce: { source: ce }, de: { source: 'folder:de' } },
      datasets: [{ source: 'hub:owner/data', queries: 5, documents: 100 }],
      compare: { systems: ['bm25'], rerankDepth: 0 },
      ...input,
    }),
    sources,
  );
const alone = { layerwise: { enabled: false } };

test('layers: a vector of every layer for each text of the sample, and what is downloaded', async () => {
  // 105 texts: four states of 8 numbers and three of 4, 4 bytes each, and twice a key of 16.
  const both = 105 * (4 * 8 * 4 + 16) + 105 * (3 * 4 * 4 + 16);
  expect(await forecastOf({})).toEqual({ bytes: 700 + both, whole: true });
  const some = 105 * (2 * 8 * 4 + 16) + 105 * (2 * 4 * 4 + 16);
  expect(await forecastOf({ layerwise: { layers: [0, 2] } })).toEqual({ bytes: 700 + some, whole: true });
});

test('a comparison: every encoder once, and a logit for each pair that may be reranked', async () => {
  const systems: NonNullable<SpecInput['compare']>['systems'] = [
    'bm25',
    'baseline',
    'ce-layer-1',
    'static-ce',
    { name: 'both', queries: 'ce-layer-1', documents: 'baseline' },
  ];
  const vectors = 105 * (4 * 4 + 16) + 105 * (8 * 4 + 16);
  const logits = 5 * 20 * 5 * (4 + 16);
  expect(await forecastOf({ ...alone, compare: { systems, rerankDepth: 20 } })).toEqual({
    bytes: 700 + vectors + logits,
    whole: true,
  });
});

test('training: three checkpoints of weights and two moments, of the largest run', async () => {
  // Embeddings: (120 + 48 + 2) · 16 and a LayerNorm. A layer: four projections of 16 · 16, two of 16 · 32, biases, two LayerNorms.
  const layer = 4 * (16 * 16 + 16) + (16 * 32 + 32) + (32 * 16 + 16) + 2 * 32;
  const parameters = (120 + 48 + 2) * 16 + 32 + 2 * layer;
  const train = [
    { name: 'small', layers: 1 },
    { name: 'large', layers: 2 },
  ];
  expect(await forecastOf({ ...alone, train }, 'folder:bert')).toEqual({
    bytes: 700 + 3 * 3 * 4 * parameters,
    whole: true,
  });
});

test('a model that is not fetched before a run leaves the forecast open', async () => {
  const { bytes, whole } = await forecastOf({}, 'hub:owner/name');
  expect(whole).toBe(false);
  expect(bytes).toBe(700 + 105 * (3 * 4 * 4 + 16));
  expect((await forecastOf({ ...alone, train: [{ name: 'a' }] }, 'hub:owner/name')).whole).toBe(false);
});

const summary: StoredSummary = {
  stores: [
    { id: 's1', description: 'new', bytes: 30, texts: 1, usedAt: 300 },
    { id: 's2', description: 'old', bytes: 20, texts: 1, usedAt: 100 },
  ],
  bytes: 50,
  runs: [],
  unfinished: [],
  downloads: [
    { repository: 'o/n', commit: 'c', revisions: ['main'], files: [], bytes: 2_000_000, usedAt: 200 },
  ],
  room: 10,
};

test('what was unused for longest goes first, and no more of it than makes the room', () => {
  const all = removable(summary);
  expect(all.map(({ title, usedAt }) => [title, usedAt])).toEqual([
    ['Embeddings of old', 100],
    ['o/n', 200],
    ['Embeddings of new', 300],
  ]);
  expect(enoughFor(0, all)).toEqual([]);
  expect(enoughFor(20, all)).toEqual(all.slice(0, 1));
  expect(enoughFor(21, all)).toEqual(all.slice(0, 2));
  expect(enoughFor(1e9, all)).toEqual(all);
});

test('what is kept is said in words', () => {
  expect(keptInWords(summary)).toEqual(['embeddings (0 kB)', 'downloads of the hub (2.0 MB)']);
  expect(keptInWords({ ...summary, bytes: 0, downloads: [] })).toEqual([]);
});
