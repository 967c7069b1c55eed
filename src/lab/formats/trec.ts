/** What of a collection its TREC files name. */
export interface JudgedIds {
  readonly queries: { readonly ids: readonly string[] };
  readonly corpus: { readonly ids: readonly string[] };
  /** `qrels[q]` maps a row of the corpus to its grade for query row `q`. */
  readonly qrels: readonly ReadonlyMap<number, number>[];
}

/** Fields of TREC files are split at white space, which an id may not hold. */
function field(id: string): string {
  return id.replace(/\s/g, '_');
}

/**
 * A run file, `query Q0 document rank score tag`, as trec_eval reads it.
 * @param documents [queries, k] corpus rows, -1 where the list ends
 * @param scores [queries, k]
 */
export function writeRun(
  collection: JudgedIds,
  documents: Int32Array,
  scores: Float32Array,
  tag: string,
): string {
  const queries = collection.queries.ids;
  const k = queries.length > 0 ? documents.length / queries.length : 0;
  const lines: string[] = [];
  for (const [q, query] of queries.entries()) {
    for (let rank = 0; rank < k; rank++) {
      const row = documents[q * k + rank]!;
      if (row < 0) break;
      const document = collection.corpus.ids[row]!;
      lines.push(`${field(query)} Q0 ${field(document)} ${rank + 1} ${scores[q * k + rank]} ${field(tag)}\n`);
    }
  }
  return lines.join('');
}

/** A qrels file, `query 0 document grade`. */
export function writeQrels(collection: JudgedIds): string {
  const lines: string[] = [];
  for (const [q, judged] of collection.qrels.entries()) {
    for (const [row, grade] of judged) {
      lines.push(`${field(collection.queries.ids[q]!)} 0 ${field(collection.corpus.ids[row]!)} ${grade}\n`);
    }
  }
  return lines.join('');
}
