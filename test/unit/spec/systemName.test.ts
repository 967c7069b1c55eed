import { expect, test } from 'vitest';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { readSystem, systemNamed, systemsOf } from '../../../src/lab/spec/systemName.ts';

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
  ['static-ce', { type: 'static', kind: 'ce', weights: 'uniform' }],
  ['static-de idf', { type: 'static', kind: 'de', weights: 'idf' }],
  ['de-2-ce', { type: 'model', source: 'folder:de-2-ce' }],
  ['hub:owner/name@main', { type: 'model', source: 'hub:owner/name@main' }],
  ['de-2-de layer 1', { type: 'model', source: 'folder:de-2-de', layer: 1 }],
  ['local:my model layer 0', { type: 'model', source: 'local:my model', layer: 0 }],
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

const asymmetric = { name: 'small-queries', queries: 'de-2-ce', documents: 'baseline' };

test('a system that a spec defines is found by its name, also as a part of another', () => {
  const hybrid = { name: 'hybrid', fuse: ['bm25', asymmetric] };
  const spec = parseSpec({ models, datasets, compare: { systems: ['baseline', hybrid] } });
  expect(systemsOf(spec)).toEqual(['baseline', 'hybrid']);
  expect(systemNamed(spec, 'hybrid')).toEqual({ type: 'fused', parts: ['bm25', 'small-queries'] });
  expect(systemNamed(spec, 'small-queries')).toEqual({
    type: 'asymmetric',
    queries: 'de-2-ce',
    documents: 'baseline',
  });
});

test.each([
  [[{ name: 'x' }], '"compare.systems[0]": must be the name of a system, {"name", "queries"'],
  [[{ name: 'bm25', fuse: ['bm25', 'baseline'] }], '"bm25" is the name of another system'],
  [['x', asymmetric, { ...asymmetric }], '"small-queries" is the name of another system'],
  [
    [{ name: 'x', queries: 'bm25', documents: 'baseline' }],
    '"x" has "bm25" for its queries, which embeds no text; name the baseline',
  ],
  [[{ name: 'x', fuse: ['x', 'bm25'] }], '"x" is a part of itself'],
  [
    [
      { name: 'x', fuse: ['y', 'bm25'] },
      { name: 'y', fuse: ['bm25', 'x'] },
    ],
    '"x" is a part of itself',
  ],
])('%j is refused', (systems, sentence) => {
  expect(() => parseSpec({ models, datasets, compare: { systems } })).toThrow(sentence);
});
