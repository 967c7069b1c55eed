import { padBatch } from '../models/batch.ts';
import type { PlainSession } from '../models/session.ts';
import type { PairEncoder } from '../models/tokenise.ts';
import { batchesByLength } from '../pipeline/embed.ts';
import { Cancelled, Problem } from '../problem.ts';

/** A query and a document, as rows of their collection. */
export interface TextPair {
  readonly query: number;
  readonly document: number;
}

export interface RerankOptions {
  readonly session: PlainSession;
  readonly encoder: PairEncoder;
  readonly tokenBudget: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pairs tokenised and sorted by length together. */
const chunk = 1024;

/**
 * Scores pairs by a cross encoder's logit, each once.
 * @returns one logit a pair
 * @throws Problem when the model does not give exactly one logit a pair
 */
export async function scorePairs(
  pairs: readonly TextPair[],
  queries: readonly string[],
  documents: readonly string[],
  { session, encoder, tokenBudget, signal, onProgress }: RerankOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const scores = new Float32Array(pairs.length);
  let done = 0;
  const known = new Map<string, readonly number[]>();
  const contentOf = (text: string): readonly number[] => {
    const content = known.get(text) ?? encoder.content(text);
    known.set(text, content);
    return content;
  };
  for (let start = 0; start < pairs.length; start += chunk) {
    const rows = pairs
      .slice(start, start + chunk)
      .map(({ query, document }) =>
        encoder.join(contentOf(queries[query]!), contentOf(documents[document]!)),
      );
    for (const batch of batchesByLength(
      rows.map(({ inputIds }) => inputIds.length),
      tokenBudget,
    )) {
      if (signal.aborted) throw new Cancelled();
      const outputs = await session.run(
        padBatch(
          batch.map((index) => rows[index]!),
          encoder.padTokenId,
        ),
      );
      const logits = outputs.logits;
      if (!logits || logits.data.length !== batch.length) {
        throw new Problem(
          logits
            ? `gives ${logits.data.length / batch.length} logits a pair, not one; a reranker has one.`
            : `gives no logits (its outputs are ${session.outputs.join(', ')}); a reranker is a cross encoder with one.`,
          { file: session.info.source },
        );
      }
      for (const [i, index] of batch.entries()) scores[start + index] = logits.data[i]!;
      done += batch.length;
      onProgress?.(done, pairs.length);
    }
  }
  return scores;
}
