/**
 * Hits@10, MRR@10, nDCG@10 and Recall@50 of a TREC run by its qrels, written from their definitions alone: it
 * shares no line with the lab's metrics, so that an exported run can be checked by something else than the lab.
 * The rank is the run's fourth field.
 */
export function measureTrec(run: string, qrels: string): Record<string, number> {
  const relevant: Record<string, Record<string, number>> = {};
  for (const line of qrels.trim().split('\n')) {
    const [query = '', , document = '', grade = ''] = line.split(' ');
    if (Number(grade) > 0) relevant[query] = { ...relevant[query], [document]: Number(grade) };
  }
  const ranked: Record<string, string[]> = {};
  for (const line of run.trim().split('\n')) {
    const [query = '', , document = '', rank = ''] = line.split(' ');
    const list = ranked[query] ?? [];
    list[Number(rank) - 1] = document;
    ranked[query] = list;
  }
  const sums = { 'hits@10': 0, 'mrr@10': 0, 'ndcg@10': 0, 'recall@50': 0 };
  const queries = Object.keys(relevant);
  for (const query of queries) {
    const grades = relevant[query]!;
    const list = ranked[query] ?? [];
    const at = list.findIndex((document) => document in grades);
    if (at >= 0 && at < 10) {
      sums['hits@10'] += 1;
      sums['mrr@10'] += 1 / (at + 1);
    }
    const gain = (values: number[]): number =>
      values.slice(0, 10).reduce((sum, value, i) => sum + value / Math.log2(2 + i), 0);
    const ideal = Object.values(grades).sort((a, b) => b - a);
    sums['ndcg@10'] += gain(list.map((document) => grades[document] ?? 0)) / gain(ideal);
    sums['recall@50'] += list.slice(0, 50).filter((document) => document in grades).length / ideal.length;
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / queries.length]));
}
