import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cutLists, type RankedLists, resorted } from '../../../src/lab/compare/ranked.ts';
import { readRunLists } from '../../../src/lab/compare/runFile.ts';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { searchCollection } from '../../../src/lab/embed/searchCollection.ts';
import type { VectorSource } from '../../../src/lab/embed/vectorSource.ts';
import { evaluateRanking, mean } from '../../../src/lab/metrics/evaluate.ts';
import { createCpuSearcher } from '../../../src/search/cpuSearcher.ts';
import { type TieRule, tieRanks, tieRules } from '../../../src/search/ties.ts';

interface Case {
  readonly about: string;
  readonly ids: readonly string[];
  readonly qrels: readonly (readonly [string, readonly (readonly [string, number])[]])[];
  /** Scores as Python writes them. */
  readonly run: readonly (readonly [string, readonly (readonly [string, string])[]])[];
  readonly trec_eval: Readonly<Record<TieRule, readonly Readonly<Record<string, number>>[]>>;
  readonly ranx: Readonly<Record<string, number>>;
  readonly 'sentence-transformers': Readonly<Record<string, number>>;
}

// Made by test/reference/evaluators/make_matrix.py.
const cases = JSON.parse(
  readFileSync(new URL('../../reference/evaluators/matrix.json', import.meta.url), 'utf8'),
) as Case[];

function collectionOf({ ids, qrels }: Case): Collection {
  const row = new Map(ids.map((id, at) => [id, at]));
  return {
    name: 'n',
    title: 'N',
    source: 'folder:n',
    split: 'test',
    queries: { ids: qrels.map(([query]) => query), texts: qrels.map(([query]) => query) },
    corpus: { ids, texts: ids },
    qrels: qrels.map(([, judged]) => new Map(judged.map(([id, grade]) => [row.get(id)!, grade]))),
  };
}

async function readLists(one: Case, ties: TieRule): Promise<RankedLists> {
  const text = one.run
    .flatMap(([query, listed]) => listed.map(([id, score], i) => `${query} Q0 ${id} ${i + 1} ${score} t\n`))
    .join('');
  const source = { name: 'a.run', stream: () => Promise.resolve(new Blob([text]).stream()) };
  const read = await readRunLists(source, collectionOf(one), { ties, least: 50 });
  const queries = one.qrels.length;
  return (
    read?.lists ?? {
      k: 50,
      documents: new Int32Array(queries * 50).fill(-1),
      scores: new Float32Array(queries * 50),
    }
  );
}

function measured(one: Case, lists: RankedLists): Map<string, Float64Array> {
  const { k, documents } = cutLists(lists, 50);
  const { qrels } = collectionOf(one);
  return evaluateRanking(documents, k, qrels, [...qrels.keys()]);
}

function expectTrec(one: Case, rule: TieRule, values: ReadonlyMap<string, Float64Array>): void {
  for (const [q, expected] of one.trec_eval[rule].entries()) {
    for (const [metric, value] of Object.entries(expected)) {
      expect(Math.abs(values.get(metric)![q]! - value), `${metric} of query ${q}`).toBeLessThan(1e-6);
    }
  }
}

/** Vectors whose inner products are a run's scores: queries are axes, documents their scores. */
function vectorsOf(one: Case): VectorSource {
  const queries = one.qrels.map(([query]) => query);
  const scores = new Map(one.run.map(([query, listed]) => [query, new Map(listed)]));
  return {
    layers: 1,
    hiddenSize: queries.length,
    similarity: 'dot',
    async *embed(kind, { ids }, order) {
      const vectors = new Float32Array(order.length * queries.length);
      for (const [i, row] of order.entries()) {
        for (const [q, query] of queries.entries()) {
          vectors[i * queries.length + q] =
            kind === 'query' ? Number(row === q) : Number(scores.get(query)?.get(ids[row]!) ?? -1e9);
        }
      }
      yield { rows: order, vectors };
    },
  };
}

test('there are forty cases', () => {
  expect(cases).toHaveLength(40);
});

describe.each(cases.map((one, i) => [i, one.about, one] as const))('case %i, %s', (_, __, one) => {
  test.each(tieRules)('run files are measured as trec_eval does, %s', async (rule) => {
    expectTrec(one, rule, measured(one, await readLists(one, rule)));
  });

  test.each(tieRules)('dense search and reranking order ties as run files do, %s', async (rule) => {
    const collection = collectionOf(one);
    const lists = await readLists(one, rule);
    const queries = one.qrels.length;
    const { k, rankings } = await searchCollection(collection, vectorsOf(one), {
      k: 100,
      ties: rule,
      createSearcher: (options) => Promise.resolve(createCpuSearcher(options)),
    });
    const shuffled: RankedLists = {
      k: lists.k,
      documents: lists.documents.slice(),
      scores: lists.scores.slice(),
    };
    for (let q = 0; q < queries; q++) {
      const list = [...lists.documents.subarray(q * lists.k, (q + 1) * lists.k)].filter((row) => row >= 0);
      const found = [...rankings[0]!.documents.subarray(q * k, (q + 1) * k)];
      // Documents without a score stand behind, at -1e9.
      expect(found.slice(0, list.length), `query ${q}`).toEqual(list);
      for (const [i, row] of [...list].reverse().entries()) shuffled.documents[q * lists.k + i] = row;
    }
    const scoreOf = (q: number, row: number): number => {
      const list = lists.documents.subarray(q * lists.k, (q + 1) * lists.k);
      return lists.scores[q * lists.k + list.indexOf(row)]!;
    };
    const again = resorted(shuffled, scoreOf, tieRanks(collection.corpus.ids, rule));
    expect([...again.documents]).toEqual([...lists.documents]);
  });

  test('ranx and sentence-transformers measure the same', async () => {
    const means = async (rule: TieRule): Promise<(metric: string) => number> => {
      const values = measured(one, await readLists(one, rule));
      return (metric) => mean(values.get(metric)!);
    };
    const byRow = await means('document-order');
    for (const [metric, value] of Object.entries(one.ranx))
      expect(byRow(metric), metric).toBeCloseTo(value, 6);
    const byId = await means('id-ascending');
    const { queries: _queries, ...figures } = one['sentence-transformers'];
    for (const [metric, value] of Object.entries(figures)) expect(byId(metric), metric).toBeCloseTo(value, 6);
  });
});
