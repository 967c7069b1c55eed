import { buildBm25 } from '../../search/bm25.ts';
import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import { type TieRule, tieRanks } from '../../search/ties.ts';
import { spacelessRule } from '../../search/words.ts';
import type { Collection } from '../data/collection.ts';
import { type EmbeddedCounts, type PlacedCount, PlacedCounts } from '../data/dataReport.ts';
import { EmbedCounts } from '../embed/embedCounts.ts';
import type { StoredModel } from '../embed/idfPooling.ts';
import { searchCollection } from '../embed/searchCollection.ts';
import { modelVectors, type VectorSource } from '../embed/vectorSource.ts';
import type { RankedLists } from './ranked.ts';

export interface RetrieveOptions {
  /** As in the spec. */
  readonly system: string;
  readonly k: number;
  readonly ties: TieRule;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * A collection searched exactly by one layer of a model, or by one for queries and another for documents, by cosine
 * or as the documents' model says.
 */
export async function retrieveDense(
  collection: Collection,
  encodings: { readonly queries: StoredModel; readonly documents: StoredModel },
  createSearcher: (options: SearchOptions) => Promise<Searcher>,
  { system, k, ties, signal, onProgress }: RetrieveOptions,
): Promise<{ lists: RankedLists; counts: EmbeddedCounts }> {
  const { queries, corpus } = collection;
  const total = queries.texts.length + corpus.texts.length;
  const counts = new EmbedCounts(system, encodings.documents.model.weights);
  let before = 0;
  const vectorsOf = ({ model, store }: StoredModel): VectorSource =>
    modelVectors(model, {
      store,
      documents: corpus.texts.length,
      counts,
      signal,
      onProgress: ({ texts }) => onProgress(before + texts, total),
    });
  const documents = vectorsOf(encodings.documents);
  const queryVectors = encodings.queries === encodings.documents ? documents : vectorsOf(encodings.queries);
  const source: VectorSource = {
    ...documents,
    embed: (kind, table, order) => (kind === 'query' ? queryVectors : documents).embed(kind, table, order),
  };
  const searched = await searchCollection(collection, source, {
    k,
    ties,
    createSearcher,
    onQueries: () => {
      before = queries.texts.length;
    },
  });
  return { lists: { k: searched.k, ...searched.rankings[0]! }, counts: counts.report() };
}

/** A collection searched by BM25 over its own words. */
export async function retrieveBm25(
  { queries, corpus, ownDocuments: own }: Collection,
  { k: asked, ties, signal, onProgress }: RetrieveOptions,
): Promise<{ lists: RankedLists; counts: PlacedCount[]; sentences: string[] }> {
  const k = Math.min(asked, corpus.texts.length);
  const index = await buildBm25(corpus.texts, { signal, onProgress });
  const ranks = tieRanks(corpus.ids, ties);
  const rankOf = (row: number): number => ranks?.[row] ?? row;
  const counts = new PlacedCounts();
  const lists: RankedLists = {
    k,
    documents: new Int32Array(queries.texts.length * k).fill(-1),
    scores: new Float32Array(queries.texts.length * k),
  };
  for (const [q, text] of queries.texts.entries()) {
    if (!index.knows(text)) {
      counts.add('queries without a word in the index, which find nothing', `query ${queries.ids[q]}`);
    }
    const hits = index
      .search(text, own ? k + 1 : k, rankOf)
      .filter(({ document }) => document !== own?.[q])
      .slice(0, k);
    for (const [i, { document, score }] of hits.entries()) {
      lists.documents[q * k + i] = document;
      lists.scores[q * k + i] = score;
    }
  }
  return { lists, counts: counts.list(), sentences: index.spaceless > 0 ? [spacelessRule] : [] };
}
