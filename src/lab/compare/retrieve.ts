import { buildBm25 } from '../../search/bm25.ts';
import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { TieRule } from '../../search/ties.ts';
import { tieRanks } from '../../search/ties.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import { chunkSize, tokenBudget } from '../embed/budget.ts';
import { type EmbedOptions, embedTexts } from '../embed/embedTexts.ts';
import type { OpenedModel } from '../embed/openedModel.ts';
import type { RankedLists } from './ranked.ts';

export interface RetrieveOptions {
  readonly k: number;
  readonly ties: TieRule;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** A collection searched by one layer of a model, exactly, by cosine or as the model says. */
export async function retrieveDense(
  collection: Collection,
  { session, encoder, queryEncoder = encoder, similarity = 'cosine' }: OpenedModel,
  store: OpenedStore | null,
  createSearcher: (options: SearchOptions) => Promise<Searcher>,
  { k: asked, ties, signal, onProgress }: RetrieveOptions,
): Promise<RankedLists> {
  const { queries, corpus } = collection;
  const { hiddenSize } = session.info;
  const total = queries.texts.length + corpus.texts.length;
  let before = 0;
  const options: EmbedOptions = {
    session,
    encoder,
    store,
    tokenBudget: tokenBudget(session.info.backend),
    chunkSize: chunkSize(corpus.texts.length),
    signal,
    onProgress: ({ texts }) => onProgress(before + texts, total),
  };
  const inOrder = (count: number): Int32Array<ArrayBuffer> => Int32Array.from({ length: count }, (_, i) => i);
  const queryVectors = new Float32Array(queries.texts.length * hiddenSize);
  for await (const { rows, vectors } of embedTexts(queries.texts, inOrder(queries.texts.length), {
    ...options,
    encoder: queryEncoder,
  })) {
    for (const [i, row] of rows.entries()) {
      queryVectors.set(vectors.subarray(i * hiddenSize, (i + 1) * hiddenSize), row * hiddenSize);
    }
  }
  before = queries.texts.length;
  const k = Math.min(asked, corpus.texts.length);
  const searcher = await createSearcher({
    layers: 1,
    queries: queries.texts.length,
    hiddenSize,
    queryVectors,
    k,
    tieRanks: tieRanks(corpus.ids, ties),
    similarity,
  });
  try {
    for await (const { rows, vectors } of embedTexts(corpus.texts, inOrder(corpus.texts.length), options)) {
      await searcher.add(vectors, rows);
    }
    const [ranking] = await searcher.rankings();
    return { k, documents: ranking!.documents, scores: ranking!.scores };
  } finally {
    searcher.dispose();
  }
}

/** A collection searched by BM25 over its own words. */
export async function retrieveBm25(
  { queries, corpus }: Collection,
  { k: asked, signal, onProgress }: RetrieveOptions,
): Promise<RankedLists> {
  const k = Math.min(asked, corpus.texts.length);
  const index = await buildBm25(corpus.texts, { signal, onProgress });
  const lists: RankedLists = {
    k,
    documents: new Int32Array(queries.texts.length * k).fill(-1),
    scores: new Float32Array(queries.texts.length * k),
  };
  for (const [q, text] of queries.texts.entries()) {
    for (const [i, { document, score }] of index.search(text, k).entries()) {
      lists.documents[q * k + i] = document;
      lists.scores[q * k + i] = score;
    }
  }
  return lists;
}
