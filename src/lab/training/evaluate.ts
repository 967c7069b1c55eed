import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { TieRule } from '../../search/ties.ts';
import type { Collection } from '../data/collection.ts';
import { searchCollection } from '../embed/searchCollection.ts';
import { plainVectors } from '../embed/vectorSource.ts';
import { evaluateRanking, mean } from '../metrics/evaluate.ts';
import type { Metrics } from '../report/report.ts';

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
  const { hiddenSize, topK, ties, createSearcher, signal } = options;
  const source = plainVectors(hiddenSize, embed, signal);
  const { k, rankings } = await searchCollection(collection, source, { k: topK, ties, createSearcher });
  const { qrels } = collection;
  const perQuery = evaluateRanking(rankings[0]!.documents, k, qrels, [...qrels.keys()]);
  return Object.fromEntries([...perQuery].map(([name, values]) => [name, mean(values)]));
}
