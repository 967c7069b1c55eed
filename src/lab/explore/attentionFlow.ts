/** Positions of a pair's tokens in the row that the CE reads. */
export interface PairPositions {
  readonly query: readonly number[];
  readonly document: readonly number[];
}

/** How much of one head's attention crosses from one text to the other. */
export interface HeadFlow {
  readonly head: number;
  /** Mean over query tokens of the attention that goes to document tokens, 0 to 1. */
  readonly queryToDocument: number;
  readonly documentToQuery: number;
}

/**
 * How much attention crosses in each head, most first. Each row of attention sums to 1; what does not cross
 * stays in the token's own text or goes to the separators.
 * @param attention (H, T, T) softmax output, from row token to column token
 */
export function headFlows(
  attention: Float32Array,
  heads: number,
  { query, document }: PairPositions,
): HeadFlow[] {
  const tokens = Math.round(Math.sqrt(attention.length / heads));
  return Array.from({ length: heads }, (_, head) => ({
    head,
    queryToDocument: share(attention, head, tokens, query, document),
    documentToQuery: share(attention, head, tokens, document, query),
  })).sort((a, b) => crossing(b) - crossing(a) || a.head - b.head);
}

/** What heads are ranked by: the mean of both ways. */
export function crossing({ queryToDocument, documentToQuery }: HeadFlow): number {
  return (queryToDocument + documentToQuery) / 2;
}

function share(
  attention: Float32Array,
  head: number,
  tokens: number,
  from: readonly number[],
  to: readonly number[],
): number {
  let sum = 0;
  for (const i of from) {
    for (const j of to) sum += attention[(head * tokens + i) * tokens + j]!;
  }
  return from.length > 0 ? sum / from.length : 0;
}

/**
 * Attention between two sets of tokens in one head, or its mean over all heads.
 * @param attention (H, T, T) @param head null for the mean
 * @returns (from, to)
 */
export function attentionBlock(
  attention: Float32Array,
  heads: number,
  head: number | null,
  from: readonly number[],
  to: readonly number[],
): Float32Array<ArrayBuffer> {
  const tokens = Math.round(Math.sqrt(attention.length / heads));
  const chosen = head === null ? Array.from({ length: heads }, (_, index) => index) : [head];
  const block = new Float32Array(from.length * to.length);
  for (const [r, i] of from.entries()) {
    for (const [c, j] of to.entries()) {
      let sum = 0;
      for (const h of chosen) sum += attention[(h * tokens + i) * tokens + j]!;
      block[r * to.length + c] = sum / chosen.length;
    }
  }
  return block;
}
