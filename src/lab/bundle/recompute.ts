import { UserError } from '../../base/userError.ts';

export interface Recomputed {
  readonly 'hits@10': number;
  readonly 'mrr@10': number;
}

/**
 * Hits@10 and MRR@10 of a TREC run against its judgements, from the text of the two files alone. Shares nothing
 * with `lab/metrics`, so that a fault there does not hide here. Ranks are as the run writes them; a query that is
 * judged but not ranked counts 0.
 * @param file the run's, for what is wrong with it
 * @throws UserError when a line has too few fields, or nothing is relevant
 */
export function recompute(run: string, qrels: string, file: string): Recomputed {
  const relevant = new Map<string, Set<string>>();
  for (const [query, , document, grade] of fieldsOf(qrels, 4, file)) {
    if (query === undefined || document === undefined || !(Number(grade) > 0)) continue;
    relevant.set(query, (relevant.get(query) ?? new Set()).add(document));
  }
  if (relevant.size === 0) throw new UserError('has judgements without a relevant document.', { file });
  const best = new Map<string, number>();
  for (const [query, , document, rank] of fieldsOf(run, 6, file)) {
    if (query === undefined || document === undefined) continue;
    if (!relevant.get(query)?.has(document)) continue;
    best.set(query, Math.min(best.get(query) ?? Number.POSITIVE_INFINITY, Number(rank)));
  }
  const firsts = [...best.values()].filter((rank) => rank <= 10);
  return {
    'hits@10': firsts.length / relevant.size,
    'mrr@10': firsts.reduce((sum, rank) => sum + 1 / rank, 0) / relevant.size,
  };
}

function* fieldsOf(text: string, count: number, file: string): Generator<string[]> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const fields = line.split(' ');
    if (fields.length !== count) {
      throw new UserError(`has ${fields.length} fields where ${count} belong.`, { file, line: index + 1 });
    }
    yield fields;
  }
}
