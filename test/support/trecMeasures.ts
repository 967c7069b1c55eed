/** What one query came to, or the mean over queries, by the lab's names of metrics. */
export type Measures = Readonly<Record<string, number>>;

/**
 * Each query of a TREC run measured by its qrels, written from the definitions alone: it shares no line with the lab's
 * metrics, so that an exported run can be checked by something else than the lab. The rank is the run's fourth field;
 * queries come in the order of the qrels.
 * @param depth of the deepest recall and MAP
 */
export function measureQueries(run: string, qrels: string, depth = 50): Map<string, Measures> {
  const relevant = new Map<string, Record<string, number>>();
  for (const line of qrels.trim().split('\n')) {
    const [query = '', , document = '', grade = ''] = line.split(' ');
    if (Number(grade) > 0) relevant.set(query, { ...relevant.get(query), [document]: Number(grade) });
  }
  const ranked: Record<string, string[]> = {};
  for (const line of run.trim().split('\n')) {
    const [query = '', , document = '', rank = ''] = line.split(' ');
    const list = ranked[query] ?? [];
    list[Number(rank) - 1] = document;
    ranked[query] = list;
  }
  return new Map(
    [...relevant].map(([query, grades]) => [query, measured(ranked[query] ?? [], grades, depth)]),
  );
}

/** Means over the queries. */
export function measureTrec(run: string, qrels: string): Measures {
  const each = [...measureQueries(run, qrels).values()];
  return Object.fromEntries(
    Object.keys(each[0] ?? {}).map((name) => [
      name,
      each.reduce((sum, one) => sum + one[name]!, 0) / each.length,
    ]),
  );
}

function measured(
  list: readonly string[],
  grades: Readonly<Record<string, number>>,
  depth: number,
): Measures {
  const ideal = Object.values(grades).sort((a, b) => b - a);
  const hits = list.map((document) => document in grades);
  const at = hits.indexOf(true);
  const gain = (values: readonly number[]): number =>
    values.slice(0, 10).reduce((sum, value, i) => sum + value / Math.log2(2 + i), 0);
  const foundIn = (first: number): number => hits.slice(0, first).filter(Boolean).length;
  const precisions = hits.slice(0, depth).map((hit, i) => (hit ? foundIn(i + 1) / (i + 1) : 0));
  return {
    'hits@1': at === 0 ? 1 : 0,
    'hits@10': at >= 0 && at < 10 ? 1 : 0,
    'mrr@10': at >= 0 && at < 10 ? 1 / (at + 1) : 0,
    'ndcg@10': gain(list.map((document) => grades[document] ?? 0)) / gain(ideal),
    'recall@10': foundIn(10) / ideal.length,
    [`recall@${depth}`]: foundIn(depth) / ideal.length,
    [`map@${depth}`]: precisions.reduce((sum, one) => sum + one, 0) / ideal.length,
  };
}
