import { createCpuSearcher } from './cpuSearcher.ts';
import { isFiniteVector } from './lastScore.ts';
import { mergeRankings } from './mergeRankings.ts';
import type { Searcher, SearchOptions } from './searcher.ts';

/**
 * A searcher whose kernels see finite vectors only, since a GPU need not keep NaN apart. Documents with a vector that
 * is not finite, rare ones, are searched beside it in plain TypeScript, and both lists merged.
 * @param create of the searcher inside
 */
export function finiteSearcher(
  options: SearchOptions,
  create: (options: SearchOptions) => Searcher,
): Searcher {
  const { layers, queries, hiddenSize, queryVectors, k, tieRanks } = options;
  const width = layers * hiddenSize;
  const blind = new Uint8Array(layers * queries);
  let seeing = queryVectors;
  for (let q = 0; q < queries; q++) {
    for (let layer = 0; layer < layers; layer++) {
      const at = q * width + layer * hiddenSize;
      if (isFiniteVector(queryVectors.subarray(at, at + hiddenSize))) continue;
      blind[layer * queries + q] = 1;
      if (seeing === queryVectors) seeing = queryVectors.slice();
      seeing.fill(0, at, at + hiddenSize);
    }
  }
  const inner = create({ ...options, queryVectors: seeing });
  let beside: Searcher | null = null;

  return {
    device: inner.device,
    async add(vectors, rows) {
      const vectorOf = (i: number): Float32Array => vectors.subarray(i * width, (i + 1) * width);
      const broken = [...rows.keys()].filter((i) => !isFiniteVector(vectorOf(i)));
      if (broken.length === 0) {
        await inner.add(vectors, rows);
        return;
      }
      const part = (indices: readonly number[]): [Float32Array<ArrayBuffer>, Int32Array<ArrayBuffer>] => {
        const some = new Float32Array(indices.length * width);
        for (const [i, index] of indices.entries()) some.set(vectorOf(index), i * width);
        return [some, Int32Array.from(indices, (index) => rows[index]!)];
      };
      const apart = new Set(broken);
      beside ??= createCpuSearcher(options);
      await beside.add(...part(broken));
      await inner.add(...part([...rows.keys()].filter((i) => !apart.has(i))));
    },
    async rankings() {
      const [found, others] = await Promise.all([inner.rankings(), beside?.rankings()]);
      return found.map((ranking, layer) => {
        const merged = others ? mergeRankings([ranking, others[layer]!], { queries, k, tieRanks }) : ranking;
        for (let q = 0; q < queries; q++) {
          if (blind[layer * queries + q] === 0) continue;
          merged.documents.fill(-1, q * k, (q + 1) * k);
          merged.scores.fill(Number.NEGATIVE_INFINITY, q * k, (q + 1) * k);
        }
        return merged;
      });
    },
    dispose() {
      inner.dispose();
      beside?.dispose();
    },
  };
}
