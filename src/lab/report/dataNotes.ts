import {
  type DataReport,
  type EmbeddedCounts,
  nothingRead,
  type PlacedCount,
  type ReadCounts,
} from '../data/dataReport.ts';

type Searched = DataReport['searched'][number];

/** Gathers what a run does to its collections, for the report. */
export class DataNotes {
  readonly #notes = new Map<
    string,
    { read: ReadCounts; selfPairs: DataReport['selfPairs']; embedded: EmbeddedCounts[]; searched: Searched[] }
  >();

  /** @param dataset name of the collection */
  read(dataset: string, counts: ReadCounts | undefined, selfPairs: DataReport['selfPairs']): void {
    this.#notes.set(dataset, { read: counts ?? nothingRead, selfPairs, embedded: [], searched: [] });
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
    const { read, selfPairs, embedded, searched } = notes;
    return { ...read, selfPairs, embedded, searched };
  }
}
