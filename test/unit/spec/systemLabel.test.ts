import { expect, test } from 'vitest';
import { systemLabel } from '../../../src/lab/spec/systemLabel.ts';
import { adaptiveShape, shapeOf, shapesOf, taughtShapes } from '../../../src/lab/spec/trainPresets.ts';

test.each([
  ['baseline', 'Baseline'],
  ['bm25', 'BM25'],
  ['ce-layer-0', 'CE layer 0'],
  ['de-layer-11 first+cls', 'DE layer 11 (first copy, [CLS])'],
  ['ce-layer-0 idf', 'CE layer 0 (IDF weights)'],
  ['ce-layer-0 both idf', 'CE layer 0 (both copies, IDF weights)'],
  ['de-2-ce', 'DE-2 CE'],
  ['folder:de-2-rand', 'DE-2 Rand'],
  ['my-model', 'my-model'],
  ['de-2-de layer 1', 'DE-2 DE, layer 1'],
  ['de-2-adaptive layer 0', 'DE-2 Adaptive, layer 0'],
  ['hub:owner/name@main', 'owner/name@main'],
  ['static-ce', 'Static CE'],
  ['static-de idf', 'Static DE, IDF'],
  ['run:other.trec', 'other.trec'],
])('%s is called %s', (name, label) => {
  expect(systemLabel(name)).toBe(label);
});

test('a trained model is called by its shape’s title', () => {
  const shapes = [
    ...shapesOf(12),
    ...taughtShapes,
    adaptiveShape,
    shapeOf({ init: 'ce', layers: 3, copyLayers: 2, loss: 'kl', teacher: 'de' }),
    shapeOf({ init: 'random', layers: 2, copyLayers: 0, loss: 'margin-mse' }),
    shapeOf({ init: 'ce', layers: 3, copyLayers: 2 }),
    shapeOf({ init: 'de', layers: 4, copyLayers: 0 }),
    shapeOf({ init: 'de', layers: 2, copyLayers: 1, copy: [0, 5] }),
    shapeOf({ init: 'random', layers: 6, copyLayers: 0 }),
  ];
  for (const { id, title } of shapes) expect(systemLabel(id)).toBe(title);
});
