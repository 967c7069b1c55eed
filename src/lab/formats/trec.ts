import { toTrecId } from './trecId.ts';

/** What of a collection its TREC files name. */
export interface JudgedIds {
  readonly queries: { readonly ids: readonly string[] };
  readonly corpus: { readonly ids: readonly string[] };
  /** `qrels[q]` maps a row of the corpus to its grade for query row `q`. */
  readonly qrels: readonly ReadonlyMap<number, number>[];
}

/** Lists of all queries, [queries, k]. */
export interface RunLists {
  /** Corpus rows, best first, -1 where the list ends; -2 - i is `unknown[i]`. */
  readonly documents: Int32Array;
  readonly scores: Float32Array;
  /** Ids of documents that the collection does not have. */
  readonly unknown?: readonly string[];
}

/** A run file, `query Q0 document rank score tag`, as trec_eval reads it; ids as `toTrecId` writes them. */
export function writeRun(
  { queries, corpus }: Pick<JudgedIds, 'queries' | 'corpus'>,
  { documents, scores, unknown = [] }: RunLists,
  tag: string,
): string {
  const k = queries.ids.length > 0 ? documents.length / queries.ids.length : 0;
  const lines: string[] = [];
  for (const [q, query] of queries.ids.entries()) {
    for (let rank = 0; rank < k; rank++) {
      const row = documents[q * k + rank]!;
      if (row === -1) break;
      const document = row >= 0 ? corpus.ids[row]! : unknown[-2 - row]!;
      lines.push(
        `${toTrecId(query)} Q0 ${toTrecId(document)} ${rank + 1} ${scores[q * k + rank]} ${toTrecId(tag)}\n`,
      );
    }
  }
  return lines.join('');
}

/** A qrels file, `query 0 document grade`; ids as `toTrecId` writes them. */
export function writeQrels({ queries, corpus, qrels }: JudgedIds): string {
  const lines: string[] = [];
  for (const [q, judged] of qrels.entries()) {
    for (const [row, grade] of judged) {
      lines.push(`${toTrecId(queries.ids[q]!)} 0 ${toTrecId(corpus.ids[row]!)} ${grade}\n`);
    }
  }
  return lines.join('');
}
