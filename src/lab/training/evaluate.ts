import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { TieRule } from '../../search/ties.ts';
import { tieRanks } from '../../search/ties.ts';
import type { Collection } from '../data/collection.ts';
import { evaluateRanking, mean } from '../metrics/evaluate.ts';
import type { Metrics } from '../report/report.ts';

/** Texts embedded together. */
const chunk = 256;

/** Searches a collection by the vectors that `embed` gives. @param embed vectors [texts, hiddenSize] */
export async function evaluateCollection(
  collection: Collection,
  embed: (texts: readonly string[]) => Promise<Float32Array<ArrayBuffer>>,
  options: {
    readonly hiddenSize: number;
    readonly topK: number;
    readonly ties: TieRule;
    readonly createSearcher: (options: SearchOptions) => Promise<Searcher>;
    readonly signal: AbortSignal;
  },
): Promise<Metrics> {
  const { queries, corpus, qrels } = collection;
  const { hiddenSize, signal } = options;
  const embedded = async function* (
    texts: readonly string[],
  ): AsyncGenerator<{ first: number; count: number; vectors: Float32Array<ArrayBuffer> }> {
    for (let first = 0; first < texts.length; first += chunk) {
      signal.throwIfAborted();
      const part = texts.slice(first, first + chunk);
      yield { first, count: part.length, vectors: await embed(part) };
    }
  };
  const queryVectors = new Float32Array(queries.texts.length * hiddenSize);
  for await (const { first, vectors } of embedded(queries.texts))
    queryVectors.set(vectors, first * hiddenSize);
  const k = Math.min(options.topK, corpus.texts.length);
  const searcher = await options.createSearcher({
    layers: 1,
    queries: queries.texts.length,
    hiddenSize,
    queryVectors,
    k,
    tieRanks: tieRanks(corpus.ids, options.ties),
  });
  try {
    for await (const { first, count, vectors } of embedded(corpus.texts)) {
      await searcher.add(
        vectors,
        Int32Array.from({ length: count }, (_, i) => first + i),
      );
    }
    const [ranking] = await searcher.rankings();
    const perQuery = evaluateRanking(ranking!.documents, k, qrels, [...qrels.keys()]);
    return Object.fromEntries([...perQuery].map(([name, values]) => [name, mean(values)]));
  } finally {
    searcher.dispose();
  }
}
