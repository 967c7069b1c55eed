import { expect, test } from 'vitest';
import { costOf, modelDownload } from '../../../src/lab/paper/itemCost.ts';
import { reproductions } from '../../../src/lab/paper/reproductions.ts';
import {
  type Choice,
  combinedSpec,
  itemsOf,
  keyOf,
  sizes,
  stands,
  trainingItem,
} from '../../../src/lab/paper/specs.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';

const choices: Choice[] = reproductions.flatMap(({ work, pair }) =>
  sizes.flatMap((size) => stands.map((stand) => ({ work, pair, size, stand }))),
);
const table: Choice = { work: 'systems', pair: 'minilm', size: 'small', stand: 'paper' };
const layers: Choice = { work: 'layers', pair: 'mxbai', size: 'full', stand: 'paper' };

test('every choice is a queue of plain specs, one collection each, under names of their own', () => {
  for (const choice of choices) {
    const items = itemsOf(choice);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.filter(({ id }) => id !== trainingItem)).toHaveLength(choice.stand === 'paper' ? 12 : 4);
    for (const { spec } of items) {
      expect(spec.datasets).toHaveLength(1);
      expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    }
  }
});

test('results of different runs have different keys, and Figures 3 and 4 share theirs', () => {
  const keys = new Map(choices.map((choice) => [keyOf(choice), JSON.stringify(itemsOf(choice))]));
  for (const choice of choices) expect(keys.get(keyOf(choice))).toBe(JSON.stringify(itemsOf(choice)));
  expect(keys.size).toBe(3 * sizes.length + 2 * sizes.length);
});

test('the paper’s models, sample and depth', () => {
  const [training, first] = itemsOf(table);
  expect(
    training?.spec.train.map(({ name, init, layers: depth, copyLayers }) => [name, init, depth, copyLayers]),
  ).toEqual([
    ['de-2-ce', 'ce', 2, 1],
    ['de-2-rand', 'random', 2, 0],
  ]);
  expect(first?.spec.models).toMatchObject({
    ce: { source: 'hub:cross-encoder/ms-marco-MiniLM-L-12-v2' },
    de: { source: 'hub:sentence-transformers/msmarco-MiniLM-L-12-v3' },
  });
  expect(first?.spec.compare).toMatchObject({ enabled: true, rerankDepth: 50 });
  const full = itemsOf(layers);
  expect(full[0]?.spec.models.ce.source).toBe('hub:mixedbread-ai/mxbai-rerank-large-v1');
  expect(full.every(({ spec }) => spec.datasets[0]?.documents === 100_000)).toBe(true);
});

test('one experiment of all runs, for the command line', () => {
  const items = itemsOf(table);
  const spec = combinedSpec(items);
  expect(spec.train).toHaveLength(2);
  expect(spec.datasets).toHaveLength(12);
  expect(spec.compare.enabled).toBe(true);
  expect(spec.datasets.map(({ source }) => source)).toContain('local:zeshel');
  expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});

test('a cost before the start: larger models and samples take longer, the bundled download nothing', () => {
  const pacing = { startSeconds: 1, secondsPerCharacter: 1e-5, source: 'a test' };
  const secondsOf = (choice: Choice): number =>
    itemsOf(choice)
      .filter(({ id }) => id !== trainingItem)
      .reduce((sum, item) => sum + (costOf(item, choice, pacing, new Map()).seconds ?? Number.NaN), 0);
  const minilm: Choice = { ...layers, pair: 'minilm', size: 'small' };
  expect(secondsOf({ ...minilm, size: 'medium' })).toBeGreaterThan(secondsOf(minilm));
  expect(secondsOf({ ...layers, size: 'small' })).toBeGreaterThan(secondsOf(minilm));
  const [training] = itemsOf(table);
  expect(training && costOf(training, table, pacing, new Map()).seconds).toBeNull();

  const bundled: Choice = { ...table, stand: 'bundled' };
  const own = itemsOf(bundled)[1]!;
  const known = new Map([[own.id, { queries: 500, documents: 4000 }]]);
  expect(costOf(own, bundled, null, known)).toEqual({
    download: 0,
    queries: 50,
    documents: 200,
    seconds: null,
    parts: [],
  });
  expect(modelDownload(bundled)).toBe(0);
  expect(modelDownload(table)).toBe(267e6);
});

test('of the bundled pair the foretold time is the measured pace', () => {
  const choice: Choice = { work: 'layers', pair: 'minilm', size: 'full', stand: 'bundled' };
  const item = itemsOf(choice)[0]!;
  const known = new Map([[item.id, { queries: 100, documents: 900 }]]);
  const { seconds } = costOf(item, choice, { startSeconds: 2, secondsPerCharacter: 1e-3, source: '' }, known);
  // 1,000 texts of 60 characters.
  expect(seconds).toBeCloseTo(2 + 60, 9);
});

test('the cost says which system and which model it goes to', () => {
  const pacing = { startSeconds: 2, secondsPerCharacter: 1e-3, source: '' };
  const choice: Choice = { work: 'systems', pair: 'minilm', size: 'full', stand: 'bundled' };
  const item = itemsOf(choice)[1]!;
  const known = new Map([[item.id, { queries: 100, documents: 900 }]]);
  const { seconds, parts } = costOf(item, choice, pacing, known);
  const layersOf = (what: string): number => parts.find((part) => part.what === what)!.seconds;
  // 1,000 texts of 60 characters; the pace is of a CE that reads them twice and a DE, of six layers each.
  expect(layersOf('baseline')).toBeCloseTo(60 / 3, 9);
  expect(layersOf('de-2-ce')).toBeCloseTo(60 / 9, 9);
  expect(layersOf('de-2-rand')).toBeCloseTo(60 / 9, 9);
  // 100 queries x 50 documents, taken twice: 10,000 pairs of two texts are 20 times 1,000 texts.
  expect(layersOf('reranking')).toBeCloseTo((60 / 3) * 20, 9);
  expect(parts).toHaveLength(4);
  expect(seconds).toBeCloseTo(2 + parts.reduce((sum, part) => sum + part.seconds, 0), 9);
});
