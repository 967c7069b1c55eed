import { expect, it } from 'vitest';
import { mapSentences } from '../../../src/lab/explore/mapSentences.ts';

it('says what two directions keep, and how many neighbours', () => {
  expect(
    mapSentences({ projection: 'pca', layer: 0, dimensions: 128, kept: 0.234, neighboursKept: 0.318 }),
  ).toEqual([
    'Two directions of 128 keep 23 % of the variance of the embedding layer: texts that lie apart are apart, but texts that lie together may be far apart in the directions that are not drawn.',
    'Of the 10 texts nearest to a text, 32 % are among its 10 nearest on this map; the lists give the true ones.',
  ]);
});

it('says of UMAP that distances mean nothing', () => {
  const [sentence, ...others] = mapSentences({
    projection: 'umap',
    layer: 3,
    dimensions: 128,
    kept: 0.2,
    neighboursKept: null,
  });
  expect(sentence).toContain('the gap between two heaps mean nothing');
  expect(others).toEqual([]);
});
