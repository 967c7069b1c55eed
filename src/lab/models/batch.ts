import type { EncodedText, TokenBatch } from './types.ts';

/** Pads rows to the longest. Pooling weights are a row's own, divided by their sum. */
export function padBatch(rows: readonly EncodedText[], padTokenId: number): TokenBatch {
  const tokens = rows.reduce((longest, row) => Math.max(longest, row.inputIds.length), 0);
  const size = rows.length * tokens;
  const inputIds = new BigInt64Array(size).fill(BigInt(padTokenId));
  const attentionMask = new BigInt64Array(size);
  const tokenTypeIds = new BigInt64Array(size);
  const poolWeights = new Float32Array(size);
  for (const [r, row] of rows.entries()) {
    const at = r * tokens;
    let pooled = 0;
    for (const weight of row.pool) pooled += weight;
    for (let t = 0; t < row.inputIds.length; t++) {
      inputIds[at + t] = BigInt(row.inputIds[t]!);
      attentionMask[at + t] = 1n;
      tokenTypeIds[at + t] = BigInt(row.tokenTypeIds[t]!);
      poolWeights[at + t] = row.pool[t]! / pooled;
    }
  }
  return { rows: rows.length, tokens, inputIds, attentionMask, tokenTypeIds, poolWeights };
}
