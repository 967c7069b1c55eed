import type { Collection } from '../data/collection.ts';
import { writeQrels, writeRun } from '../formats/trec.ts';
import { evaluateRanking } from '../metrics/evaluate.ts';
import type { Stage } from '../report/report.ts';
import { cutLists, type RankedLists } from './ranked.ts';

/** Documents of a list that are measured; Recall@50 sees as many as are reranked by default. */
export const measuredDepth = 50;

/** A document of a ranked list, as a reader sees it. */
export interface SeenDocument {
  readonly id: string;
  readonly text: string;
  readonly score: number;
  readonly grade: number;
}

/** One query: what is relevant to it, and what each system found first. */
export interface SeenQuery {
  readonly id: string;
  readonly text: string;
  readonly relevant: readonly { readonly id: string; readonly text: string; readonly grade: number }[];
  readonly lists: readonly {
    readonly system: string;
    readonly stage: Stage;
    readonly documents: readonly SeenDocument[];
  }[];
}

/** A query that two systems answer differently. */
export interface QueryDifference {
  readonly query: number;
  readonly id: string;
  readonly text: string;
  readonly value: number;
  readonly other: number;
}

interface Kept {
  readonly lists: RankedLists;
  readonly values: ReadonlyMap<string, Float64Array>;
}

/** The ranked lists of a comparison, so that any figure can be followed to its queries. */
export class ComparisonDetails {
  readonly #collections: ReadonlyMap<string, Collection>;
  readonly #kept = new Map<string, Kept>();
  readonly #order: { dataset: string; system: string; stage: Stage }[] = [];

  constructor(collections: readonly Collection[]) {
    this.#collections = new Map(collections.map((collection) => [collection.name, collection]));
  }

  /** Measures a list and keeps it. @returns metric to one value a query */
  add(dataset: string, system: string, stage: Stage, lists: RankedLists): ReadonlyMap<string, Float64Array> {
    const { qrels } = this.#collection(dataset);
    const { k, documents } = cutLists(lists, measuredDepth);
    const values = evaluateRanking(documents, k, qrels, [...qrels.keys()]);
    this.#kept.set(JSON.stringify([dataset, system, stage]), { lists, values });
    this.#order.push({ dataset, system, stage });
    return values;
  }

  values(dataset: string, system: string, stage: Stage, metric: string): Float64Array | undefined {
    return this.#kept.get(JSON.stringify([dataset, system, stage]))?.values.get(metric);
  }

  /** Queries on which two systems differ in a metric, the largest differences first. */
  differences(
    dataset: string,
    stage: Stage,
    metric: string,
    system: string,
    against: string,
  ): QueryDifference[] {
    const { queries } = this.#collection(dataset);
    const own = this.values(dataset, system, stage, metric);
    const others = this.values(dataset, against, stage, metric);
    if (!own || !others) return [];
    return queries.ids
      .map((id, query) => ({
        query,
        id,
        text: queries.texts[query]!,
        value: own[query]!,
        other: others[query]!,
      }))
      .filter(({ value, other }) => value !== other)
      .sort((a, b) => Math.abs(b.value - b.other) - Math.abs(a.value - a.other) || a.query - b.query);
  }

  /** A TREC qrels file a collection and a run file a system and stage, as the command line writes them. */
  files(): { readonly path: string; readonly text: string }[] {
    return [
      ...[...this.#collections.values()].map((collection) => ({
        path: `qrels/${collection.name}.trec`,
        text: writeQrels(collection),
      })),
      ...this.#order.map(({ dataset, system, stage }) => this.runFile(dataset, system, stage)),
    ];
  }

  runFile(dataset: string, system: string, stage: Stage): { readonly path: string; readonly text: string } {
    const { lists } = this.#kept.get(JSON.stringify([dataset, system, stage]))!;
    const tag = system.replaceAll(/[^\w.-]+/g, '-');
    return {
      path: `runs/${dataset}/${tag}.${stage}.trec`,
      text: writeRun(this.#collection(dataset), lists, tag),
    };
  }

  /** @param query row of the collection */
  query(dataset: string, query: number, most = 10): SeenQuery {
    const { queries, corpus, qrels } = this.#collection(dataset);
    const judged = qrels[query]!;
    return {
      id: queries.ids[query]!,
      text: queries.texts[query]!,
      relevant: [...judged]
        .filter(([, grade]) => grade > 0)
        .map(([row, grade]) => ({ id: corpus.ids[row]!, text: corpus.texts[row]!, grade })),
      lists: this.#order
        .filter((one) => one.dataset === dataset)
        .map(({ system, stage }) => {
          const {
            k,
            documents,
            scores,
            unknown = [],
          } = this.#kept.get(JSON.stringify([dataset, system, stage]))!.lists;
          const rows = [...documents.subarray(query * k, query * k + Math.min(most, k))];
          return {
            system,
            stage,
            documents: rows
              .filter((row) => row !== -1)
              .map((row, rank) => ({
                id: corpus.ids[row] ?? unknown[-2 - row]!,
                text: corpus.texts[row] ?? '(not in the collection)',
                score: scores[query * k + rank]!,
                grade: judged.get(row) ?? 0,
              })),
          };
        }),
    };
  }

  #collection(dataset: string): Collection {
    const found = this.#collections.get(dataset);
    if (!found) throw new Error(`No collection of the comparison is called ${dataset}.`);
    return found;
  }
}
