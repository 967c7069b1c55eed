import type { SearchOptions } from '../../src/search/searcher.ts';
import type { FreshRandom } from './random.ts';

export interface SearchCase {
  readonly options: SearchOptions;
  /** [documents, layers, hiddenSize] */
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly documents: number;
}

export interface CaseSize {
  readonly layers: number;
  readonly queries: number;
  readonly documents: number;
  readonly hiddenSize: number;
  readonly k: number;
}

/** Random vectors; every third document is a copy of the one before, so that many scores are equal. */
export function searchCase(
  random: FreshRandom,
  size: CaseSize,
  tieRanks: Int32Array<ArrayBuffer> | null,
): SearchCase {
  const width = size.layers * size.hiddenSize;
  const vectors = random.normal(size.documents * width);
  for (let d = 2; d < size.documents; d += 3) vectors.copyWithin(d * width, (d - 1) * width, d * width);
  return {
    options: {
      layers: size.layers,
      queries: size.queries,
      hiddenSize: size.hiddenSize,
      k: size.k,
      queryVectors: random.normal(size.queries * width),
      tieRanks,
    },
    vectors,
    documents: size.documents,
  };
}

/** Every cosine in float64, [layers, queries, documents]. */
export function cosines({ options, vectors, documents }: SearchCase): Float64Array {
  const { layers, queries, hiddenSize, queryVectors } = options;
  const out = new Float64Array(layers * queries * documents);
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < queries; q++) {
      for (let d = 0; d < documents; d++) {
        let dot = 0;
        let qq = 0;
        let dd = 0;
        for (let i = 0; i < hiddenSize; i++) {
          const a = queryVectors[(q * layers + l) * hiddenSize + i]!;
          const b = vectors[(d * layers + l) * hiddenSize + i]!;
          dot += a * b;
          qq += a * a;
          dd += b * b;
        }
        out[(l * queries + q) * documents + d] = dot === 0 ? 0 : dot / Math.sqrt(qq * dd);
      }
    }
  }
  return out;
}
