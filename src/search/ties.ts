export const tieRules = ['document-order', 'id-ascending', 'id-descending'] as const;
export type TieRule = (typeof tieRules)[number];

/**
 * The rank of each document under a tie rule: of two documents of equal score the lower rank stands first.
 * Ids are compared as sentence-transformers and trec_eval compare them, by code point.
 * @returns null for document order, where a document's row is its rank
 */
export function tieRanks(ids: readonly string[], rule: TieRule): Int32Array<ArrayBuffer> | null {
  if (rule === 'document-order') return null;
  const sign = rule === 'id-ascending' ? 1 : -1;
  const order = ids.map((_, row) => row).sort((a, b) => sign * compareIds(ids[a]!, ids[b]!));
  const ranks = new Int32Array(ids.length);
  for (const [rank, row] of order.entries()) ranks[row] = rank;
  return ranks;
}

/** By code point. JavaScript's own comparison goes by UTF-16 units, in which a surrogate sorts before U+E000. */
export function compareIds(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); ) {
    const x = a.codePointAt(i)!;
    const y = b.codePointAt(i)!;
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
