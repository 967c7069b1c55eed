/** Per metric one value a query, in the order of the queries given. */
export type PerQuery = ReadonlyMap<string, Float64Array>;

/** What a ranking of `k` documents can be measured by; see {@link evaluateRanking}. */
export function metricNames(k: number): string[] {
  const deep = k > 10 ? [`recall@${k}`, `map@${k}`] : [];
  return ['hits@1', 'hits@10', 'mrr@10', 'ndcg@10', 'recall@10', ...deep];
}

/**
 * Measures ranked lists, query by query. With grade g(r) of the document at rank r, relevant when above 0,
 * and R relevant documents of the query:
 *
 * - hits@n: 1 when a relevant document is among the first n, else 0 ("accuracy@n" in sentence-transformers)
 * - mrr@10: 1 / rank of the first relevant document, 0 beyond 10
 * - ndcg@10: DCG / ideal DCG with DCG = sum over r of g(r) / log2(r + 1), as trec_eval's ndcg_cut
 *   (Järvelin and Kekäläinen 2002, gain = grade)
 * - recall@n: relevant documents among the first n, divided by R
 * - map@n: sum over relevant ranks r <= n of precision@r, divided by R, as trec_eval's map_cut
 *
 * @param documents [queries, k] corpus rows, best first, -1 where a list ends; any other number below 0 is a document
 *   that is not in the corpus, which keeps its rank
 * @param qrels per query, grade of each judged corpus row
 * @param counted the rows of `qrels` to measure; those without a relevant document must be left out
 */
export function evaluateRanking(
  documents: Int32Array,
  k: number,
  qrels: readonly ReadonlyMap<number, number>[],
  counted: readonly number[],
): Map<string, Float64Array> {
  const names = metricNames(k);
  const out = new Map(names.map((name) => [name, new Float64Array(counted.length)]));
  const set = (name: string, index: number, value: number): void => {
    const column = out.get(name);
    if (column) column[index] = value;
  };
  for (const [index, q] of counted.entries()) {
    const judged = qrels[q]!;
    const ideal = [...judged.values()].filter((grade) => grade > 0).sort((a, b) => b - a);
    let first = 0;
    let found = 0;
    let foundIn10 = 0;
    let dcg = 0;
    let precisions = 0;
    for (let rank = 1; rank <= k; rank++) {
      const row = documents[q * k + rank - 1]!;
      if (row === -1) break;
      const grade = judged.get(row) ?? 0;
      if (grade <= 0) continue;
      found++;
      if (first === 0) first = rank;
      precisions += found / rank;
      if (rank <= 10) {
        foundIn10 = found;
        dcg += grade / Math.log2(rank + 1);
      }
    }
    const idealDcg = ideal.slice(0, 10).reduce((sum, grade, i) => sum + grade / Math.log2(i + 2), 0);
    set('hits@1', index, first === 1 ? 1 : 0);
    set('hits@10', index, first > 0 && first <= 10 ? 1 : 0);
    set('mrr@10', index, first > 0 && first <= 10 ? 1 / first : 0);
    set('ndcg@10', index, dcg / idealDcg);
    set('recall@10', index, foundIn10 / ideal.length);
    set(`recall@${k}`, index, found / ideal.length);
    set(`map@${k}`, index, precisions / ideal.length);
  }
  return out;
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
