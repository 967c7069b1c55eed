import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluateRanking, mean, metricNames } from '../../../src/lab/metrics/evaluate.ts';
import '../../support/allclose.ts';

interface TrecEval {
  readonly k: number;
  readonly qrels: readonly (readonly (readonly [number, number])[])[];
  readonly rankings: readonly (readonly number[])[];
  readonly expected: Readonly<Record<string, readonly number[]>>;
}

const reference = JSON.parse(readFileSync(new URL('trecEval.json', import.meta.url), 'utf8')) as TrecEval;

test('graded qrels with many relevant documents measure as trec_eval measures them', () => {
  const { k, expected } = reference;
  const qrels = reference.qrels.map((judged) => new Map(judged));
  const counted = qrels.map((_, q) => q);
  const metrics = evaluateRanking(Int32Array.from(reference.rankings.flat()), k, qrels, counted);
  for (const name of ['hits@1', 'hits@10', 'ndcg@10', 'recall@10', `recall@${k}`, `map@${k}`]) {
    // trec_eval keeps single-precision sums of some measures.
    expect(metrics.get(name)!, name).toBeAllclose(expected[name]!, { atol: 1e-6 });
  }
  // trec_eval's reciprocal rank has no cut at 10.
  const cut = expected['reciprocal rank']!.map((value) => (value < 0.1 ? 0 : value));
  expect(metrics.get('mrr@10')!).toBeAllclose(cut, { atol: 1e-6 });
  expect([...metrics.keys()]).toEqual(metricNames(k));
});

test('one query by hand', () => {
  // Relevant: 5 (grade 2) at rank 3 and 7 (grade 1) at rank 5; 9 is never found; 4 is judged, not relevant.
  const qrels = [
    new Map([
      [5, 2],
      [7, 1],
      [9, 1],
      [4, 0],
    ]),
  ];
  const metrics = evaluateRanking(Int32Array.of(4, 1, 5, 2, 7, 3, -1, -1, -1, -1, -1, -1), 12, qrels, [0]);
  const value = (name: string): number => metrics.get(name)![0]!;
  expect(value('hits@1')).toBe(0);
  expect(value('hits@10')).toBe(1);
  expect(value('mrr@10')).toBeCloseTo(1 / 3, 12);
  expect(value('recall@10')).toBeCloseTo(2 / 3, 12);
  expect(value('map@12')).toBeCloseTo((1 / 3 + 2 / 5) / 3, 12);
  const ideal = 2 + 1 / Math.log2(3) + 1 / 2;
  expect(value('ndcg@10')).toBeCloseTo((2 / 2 + 1 / Math.log2(6)) / ideal, 12);
});

test('a document at rank 11 counts for recall and MAP, not for what is cut at 10', () => {
  const list = Int32Array.from({ length: 11 }, (_, i) => i);
  const metrics = evaluateRanking(list, 11, [new Map([[10, 1]])], [0]);
  expect(metrics.get('hits@10')![0]).toBe(0);
  expect(metrics.get('mrr@10')![0]).toBe(0);
  expect(metrics.get('recall@11')![0]).toBe(1);
  expect(metrics.get('map@11')![0]).toBeCloseTo(1 / 11, 12);
});

test('only the counted queries are measured, in their order', () => {
  const qrels = [new Map([[0, 1]]), new Map([[1, 1]]), new Map([[2, 1]])];
  const lists = Int32Array.of(0, 1, 2, 0, 9, 2);
  const metrics = evaluateRanking(lists, 2, qrels, [2, 0]);
  expect([...metrics.get('mrr@10')!]).toEqual([0.5, 1]);
  expect(mean(metrics.get('hits@1')!)).toBe(0.5);
});
