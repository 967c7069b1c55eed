import { expect, test } from 'vitest';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { readSystem, systemsOf } from '../../../src/lab/spec/systemName.ts';

test.each([
  ['baseline', { type: 'baseline' }],
  ['bm25', { type: 'bm25' }],
  ['ce-layer-0', { type: 'layer', kind: 'ce', layer: 0, pooling: null }],
  ['de-layer-12', { type: 'layer', kind: 'de', layer: 12, pooling: null }],
  ['ce-layer-1 first', { type: 'layer', kind: 'ce', layer: 1, pooling: { segments: 'first', cls: false } }],
  ['ce-layer-1 both+cls', { type: 'layer', kind: 'ce', layer: 1, pooling: { segments: 'both', cls: true } }],
  ['ce-layer-0 idf', { type: 'layer', kind: 'ce', layer: 0, pooling: { weights: 'idf' } }],
  [
    'de-layer-1 first idf',
    { type: 'layer', kind: 'de', layer: 1, pooling: { segments: 'first', cls: false, weights: 'idf' } },
  ],
  ['de-2-ce', { type: 'model', source: 'folder:de-2-ce' }],
  ['hub:owner/name@main', { type: 'model', source: 'hub:owner/name@main' }],
  ['run:mine/{dataset}.trec', { type: 'run', file: 'mine/{dataset}.trec' }],
])('%s', (name, expected) => {
  expect(readSystem(name)).toEqual(expected);
});

const models = { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } };
const datasets = [{ source: 'bundled:foldoc' }];

test('a spec that names no systems compares the baseline, what it trains and BM25', () => {
  const spec = parseSpec({ models, datasets, train: [{ name: 'de-2-ce' }], compare: { rerankDepth: 20 } });
  expect(systemsOf(spec)).toEqual(['baseline', 'de-2-ce', 'bm25']);
  expect(spec.compare.enabled).toBe(true);
});

test('a spec without "compare" compares nothing', () => {
  expect(parseSpec({ models, datasets }).compare.enabled).toBe(false);
});
