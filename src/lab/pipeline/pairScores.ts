import type { RankedLists } from '../compare/ranked.ts';
import { scorePairs, type TextPair } from '../compare/rerank.ts';
import type { Collection } from '../data/collection.ts';
import type { PlacedCount } from '../data/dataReport.ts';
import { EmbedCounts } from '../embed/embedCounts.ts';
import { batchingFor } from '../models/batching.ts';
import type { CompareOptions } from './compareOptions.ts';
import { counting } from './counting.ts';

/** The CE's logits of all pairs of some lists. */
export interface PairScores {
  /** @param query row of the collection @param document row of the corpus, of a pair of the lists */
  scoreOf(query: number, document: number): number;
  readonly secondsPerPair: number;
  /** What was odd about pairs. */
  readonly counts: readonly PlacedCount[];
}

/** A logit a pair, in the order of {@link distinctPairs}. */
export interface MeasuredScores extends PairScores {
  readonly logits: Float32Array<ArrayBuffer>;
}

/** @param lists as far as they are reranked, which a pair may be in several of */
export type ScoreLists<Scores extends PairScores = PairScores> = (
  collection: Collection,
  lists: readonly RankedLists[],
) => Promise<Scores>;

/** Opens the CE for some work, and closes it behind it. A pair that several lists have is scored once. */
export async function withReranker(
  { spec, services, journal, listen, signal }: Omit<CompareOptions, 'collections' | 'notes'>,
  work: (score: ScoreLists<MeasuredScores>) => Promise<void>,
): Promise<void> {
  await listen({ type: 'stage', text: `Reranking by ${spec.models.ce.source}` });
  const reranker = await services.openReranker(spec, signal);
  const { session, encoder } = reranker;
  const store = await services.openScoreStore(reranker, (text) => void listen({ type: 'notice', text }));
  try {
    await work(async (collection, lists) => {
      const { name, queries, corpus } = collection;
      const { pairs, placeOf } = distinctPairs(lists, corpus.texts.length);
      const counts = new EmbedCounts('reranker');
      const { logits, secondsPerPair } = await scorePairs(pairs, queries.texts, corpus.texts, {
        session,
        encoder,
        store,
        batching: batchingFor(session.info),
        ...journal?.pairs(reranker, collection),
        signal,
        onProgress: counting(listen, `pairs of ${name} by the CE`),
        onBroken: ({ query, document }) => counts.brokenPair(queries.ids[query]!, corpus.ids[document]!),
      });
      const scoreOf = (query: number, document: number): number => logits[placeOf(query, document)]!;
      return { scoreOf, logits, secondsPerPair, counts: counts.report().counts };
    });
  } finally {
    await store?.close();
    await session.dispose();
  }
}

/** The pairs of all lists, each once. */
export function distinctPairs(
  lists: readonly RankedLists[],
  corpusSize: number,
): { pairs: TextPair[]; placeOf: (query: number, document: number) => number } {
  const places = new Map<number, number>();
  const pairs: TextPair[] = [];
  for (const { k, documents } of lists) {
    for (const [at, document] of documents.entries()) {
      if (document < 0) continue;
      const query = Math.floor(at / k);
      const key = query * corpusSize + document;
      if (places.has(key)) continue;
      places.set(key, pairs.length);
      pairs.push({ query, document });
    }
  }
  return { pairs, placeOf: (query, document) => places.get(query * corpusSize + document)! };
}
