import * as onnxruntime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { matrixProducts } from '../../../bin/node/matrixProducts.ts';
import type { MatrixProducts } from '../../../src/base/matrixProducts.ts';
import { createCpuSearcher } from '../../../src/search/cpuSearcher.ts';
import type { Ranking } from '../../../src/search/searcher.ts';
import { freshRandom } from '../../support/random.ts';
import { type SearchCase, searchCase } from '../../support/search.ts';
import { searcherSuite } from '../../support/searcherSuite.ts';
import '../../support/allclose.ts';

describe('search in plain TypeScript', () => {
  searcherSuite((options) => Promise.resolve(createCpuSearcher(options)));
});

const multiply = matrixProducts(onnxruntime, 1);

describe('search whose products onnxruntime makes beforehand', () => {
  searcherSuite((options) => Promise.resolve(createCpuSearcher(options, multiply)));

  async function found(
    { options, vectors, documents }: SearchCase,
    products?: MatrixProducts,
  ): Promise<readonly Ranking[]> {
    const searcher = createCpuSearcher(options, products);
    const width = options.layers * options.hiddenSize;
    for (let from = 0; from < documents; from += 700) {
      const rows = Int32Array.from({ length: Math.min(700, documents - from) }, (_, i) => from + i);
      await searcher.add(vectors.slice(from * width, (from + rows.length) * width), rows);
    }
    return await searcher.rankings();
  }

  test.each(['cosine', 'dot'] as const)(
    'lists and scores by %s are the same bits as without',
    async (similarity) => {
      const size = { layers: 2, queries: 9, documents: 3000, hiddenSize: 52, k: 20 };
      const given = searchCase(freshRandom(), size, null);
      const made = { ...given, options: { ...given.options, similarity } };
      expect(await found(made, multiply)).toEqual(await found(made));
    },
  );

  test('products that are off by as much as rounding may be change nothing', async () => {
    const size = { layers: 1, queries: 4, documents: 4000, hiddenSize: 384, k: 10 };
    const given = searchCase(freshRandom(), size, null);
    let side = 1;
    const off: MatrixProducts = async (a, b, shape) =>
      (await multiply(a, b, shape)).map((product) => {
        side = -side;
        return product + side * 384 * 2 ** -24;
      });
    expect(await found(given, off)).toEqual(await found(given));
  });

  test('vectors so long that sums of products overflow are computed one by one', async () => {
    const options = {
      layers: 1,
      queries: 1,
      hiddenSize: 4,
      k: 2,
      similarity: 'dot',
      queryVectors: Float32Array.of(3e19, 3e19, -3e19, 1),
      tieRanks: null,
    } as const;
    const vectors = Float32Array.of(3e19, -3e19, 0, 1, 1, 0, 0, 0, 3e19, 3e19, 3e19, 0);
    const given = { options, vectors, documents: 3 };
    expect(await found(given, multiply)).toEqual(await found(given));
  });
});

test('products are those of the rows, whatever part of a larger matrix they are', async () => {
  const a = Float32Array.of(9, 9, 1, 2, 3, 4);
  const b = Float32Array.of(1, 0, 0, 1, 1, 1, 9, 9);
  const shape = { rows: 2, others: 3, width: 2 };
  expect(await multiply(a.subarray(2), b.subarray(0, 6), shape)).toBeAllclose([1, 2, 3, 3, 4, 7]);
});
