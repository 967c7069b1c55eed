import { Cancelled, UserError } from '../../base/userError.ts';
import type { EmbeddingStore } from '../cache/embeddingStore.ts';
import { batchesByLength } from '../embed/batchesByLength.ts';
import { padBatch } from '../models/batch.ts';
import type { Batching } from '../models/batching.ts';
import type { PairEncoder } from '../models/tokenise.ts';
import type { PlainSession } from '../models/types.ts';

/** A query and a document, as rows of their collection. */
export interface TextPair {
  readonly query: number;
  readonly document: number;
}

export interface OpenedReranker {
  readonly session: PlainSession;
  readonly encoder: PairEncoder;
  /** Hash of the tokeniser's file, for caches. */
  readonly tokenizerHash: string;
}

/** Pairs that were scored, and the time that it took. */
export interface ScoredTime {
  readonly pairs: number;
  readonly seconds: number;
}

export interface RerankOptions {
  readonly session: PlainSession;
  readonly encoder: PairEncoder;
  /** Logits that are known, one value a pair; null for none. */
  readonly store: EmbeddingStore | null;
  readonly batching: Batching;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** What an earlier sitting scored of these, for the pace. */
  readonly before?: ScoredTime;
  /** Told of every batch. */
  readonly onScored?: (batch: ScoredTime) => void;
  /** Told of every pair whose logit is not finite. */
  readonly onBroken?: (pair: TextPair) => void;
}

/** Pairs looked up, tokenised and sorted by length together. */
const chunk = 1024;

/** Texts of BEIR hold no such character, so that no two pairs meet. */
const between = '\u0000';

export interface ScoredPairs {
  /** One a pair. */
  readonly logits: Float32Array<ArrayBuffer>;
  /** Measured over the pairs that were not known yet; of known ones 0. */
  readonly secondsPerPair: number;
}

/**
 * Scores pairs by a cross encoder's logit, each once. A logit that is not finite is handed on, but never stored.
 * @throws UserError when the model does not give exactly one logit a pair
 */
export async function scorePairs(
  pairs: readonly TextPair[],
  queries: readonly string[],
  documents: readonly string[],
  { session, encoder, store, batching, signal, onProgress, onBroken, before, onScored }: RerankOptions,
): Promise<ScoredPairs> {
  const logits = new Float32Array(pairs.length);
  const queryOf = ({ query }: TextPair): string => (encoder.prompt ?? '') + queries[query]!;
  const known = new Map<string, readonly number[]>();
  const contentOf = (text: string): readonly number[] => {
    const content = known.get(text) ?? encoder.content(text);
    known.set(text, content);
    return content;
  };
  let done = 0;
  let scored = before?.pairs ?? 0;
  let seconds = before?.seconds ?? 0;
  for (let start = 0; start < pairs.length; start += chunk) {
    const part = pairs.slice(start, start + chunk);
    const keys = part.map((pair) => queryOf(pair) + between + documents[pair.document]!);
    const stored = store ? await store.read(keys) : [];
    const missing: number[] = [];
    for (let i = 0; i < part.length; i++) {
      const [logit] = stored[i] ?? [];
      if (logit === undefined || !Number.isFinite(logit)) missing.push(i);
      else logits[start + i] = logit;
    }
    done += part.length - missing.length;
    let started = performance.now();
    const rows = missing.map((i) => {
      const pair = part[i]!;
      return encoder.join(contentOf(queryOf(pair)), contentOf(documents[pair.document]!));
    });
    const lengths = rows.map(({ inputIds }) => inputIds.length);
    for (const batch of batchesByLength(lengths, batching)) {
      if (signal.aborted) throw new Cancelled();
      const padded = padBatch(
        batch.map((index) => rows[index]!),
        encoder.padTokenId,
      );
      const given = oneLogitEach(await session.run(padded), batch.length, session);
      for (const [i, index] of batch.entries()) {
        logits[start + missing[index]!] = given[i]!;
        if (!Number.isFinite(given[i]!)) onBroken?.(part[missing[index]!]!);
      }
      const took = (performance.now() - started) / 1000;
      seconds += took;
      onScored?.({ pairs: batch.length, seconds: took });
      const whole = [...batch.keys()].filter((i) => Number.isFinite(given[i]));
      await store?.write(
        whole.map((i) => keys[missing[batch[i]!]!]!),
        whole.map((i) => given.subarray(i, i + 1)),
      );
      scored += batch.length;
      done += batch.length;
      onProgress?.(done, pairs.length);
      started = performance.now();
    }
  }
  return { logits, secondsPerPair: scored > 0 ? seconds / scored : 0 };
}

function oneLogitEach(
  { logits }: Awaited<ReturnType<PlainSession['run']>>,
  pairs: number,
  { info, outputs }: PlainSession,
): Float32Array {
  if (logits?.data.length === pairs) return logits.data;
  throw new UserError(
    logits
      ? `gives ${logits.data.length / pairs} logits a pair, not one; a reranker has one.`
      : `gives no logits (its outputs are ${outputs.join(', ')}); a reranker is a cross encoder with one.`,
    { file: info.source },
  );
}
