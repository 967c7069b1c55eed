import { UserError } from '../../base/userError.ts';
import type { ModelInputs } from './modelInputs.ts';
import type { TokenBatch } from './types.ts';

/** A batch in the shape that a graph takes. */
export interface Fitted {
  readonly batch: TokenBatch;
  /** Rows of it that are asked for; further ones fill it up. */
  readonly rows: number;
}

/**
 * Cuts a batch into the shape that a graph is fixed to, the last part filled up with rows that are there
 * already; a batch for a graph that takes anything stays itself.
 * @throws UserError where a text is longer than the graph takes
 */
export function fitBatch(batch: TokenBatch, inputs: ModelInputs, file: string): Fitted[] {
  const tokens = inputs.tokens ?? batch.tokens;
  const size = inputs.rows ?? batch.rows;
  if (tokens === batch.tokens && size === batch.rows) return [{ batch, rows: batch.rows }];
  if (batch.tokens > tokens) {
    throw new UserError(
      `takes texts of ${tokens} tokens, but one has ${batch.tokens}; set maxLength to ${tokens}.`,
      { file },
    );
  }
  const parts: Fitted[] = [];
  for (let start = 0; start < batch.rows; start += size) {
    const picked = Array.from({ length: size }, (_, row) => Math.min(start + row, batch.rows - 1));
    parts.push({
      batch: rowsOf(batch, picked, tokens, inputs.padTokenId),
      rows: Math.min(size, batch.rows - start),
    });
  }
  return parts;
}

function rowsOf(batch: TokenBatch, rows: readonly number[], tokens: number, padTokenId: number): TokenBatch {
  const size = rows.length * tokens;
  const out = {
    rows: rows.length,
    tokens,
    inputIds: new BigInt64Array(size).fill(BigInt(padTokenId)),
    attentionMask: new BigInt64Array(size),
    tokenTypeIds: new BigInt64Array(size),
    poolWeights: new Float32Array(size),
  };
  for (const [index, row] of rows.entries()) {
    const at = index * tokens;
    const from = row * batch.tokens;
    const to = from + batch.tokens;
    out.inputIds.set(batch.inputIds.subarray(from, to), at);
    out.attentionMask.set(batch.attentionMask.subarray(from, to), at);
    out.tokenTypeIds.set(batch.tokenTypeIds.subarray(from, to), at);
    out.poolWeights.set(batch.poolWeights.subarray(from, to), at);
  }
  return out;
}
