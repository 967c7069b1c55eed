import type { Collection } from '../data/collection.ts';
import {
  type DataReport,
  type EmbeddedCounts,
  nothingRead,
  type PlacedCount,
  type ReadCounts,
} from '../data/dataReport.ts';
import { toTrecId } from '../formats/trecId.ts';

type Searched = DataReport['searched'][number];

/** Gathers what a run does to its collections, for the report. */
export class DataNotes {
  readonly #notes = new Map<
    string,
    {
      read: ReadCounts;
      selfPairs: DataReport['selfPairs'];
      sentences: string[];
      embedded: EmbeddedCounts[];
      searched: Searched[];
    }
  >();

  read({ name, counts, queries, corpus }: Collection, selfPairs: DataReport['selfPairs']): void {
    this.#notes.set(name, {
      read: counts ?? nothingRead,
      selfPairs,
      sentences: idsSentence(queries.ids, corpus.ids),
      embedded: [],
      searched: [],
    });
  }

  embedded(dataset: string, counts: EmbeddedCounts): void {
    this.#notes.get(dataset)?.embedded.push(counts);
  }

  searched(
    dataset: string,
    system: string,
    counts: readonly PlacedCount[],
    sentences: readonly string[] = [],
  ): void {
    if (counts.length === 0 && sentences.length === 0) return;
    this.#notes.get(dataset)?.searched.push({ system, counts: [...counts], sentences: [...sentences] });
  }

  of(dataset: string): DataReport | undefined {
    const notes = this.#notes.get(dataset);
    if (!notes) return undefined;
    const { read, selfPairs, sentences, embedded, searched } = notes;
    return { ...read, selfPairs, sentences, embedded, searched };
  }
}

function idsSentence(queries: readonly string[], documents: readonly string[]): string[] {
  const changed = [...queries, ...documents].filter((id) => toTrecId(id) !== id);
  const [first] = changed;
  if (first === undefined) return [];
  return [
    `${changed.length.toLocaleString('en')} ${changed.length === 1 ? 'id cannot' : 'ids cannot'} stand in a TREC file as ${changed.length === 1 ? 'it is and is' : 'they are and are'} percent-encoded there: "${first}" as "${toTrecId(first)}".`,
  ];
}
