import type { ReadCounts } from './dataReport.ts';

/** Texts with their ids, row by row. */
export interface TextTable {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
}

/**
 * A test collection. `qrels[q]` maps a row of `corpus` to its grade for query row `q`;
 * only grades above 0 count as relevant, lower ones are kept as judged.
 */
export interface Collection {
  readonly name: string;
  readonly title: string;
  /** As in a spec: `bundled:NAME`, `local:NAME`, `folder:NAME`, `hub:OWNER/NAME@REVISION`. */
  readonly source: string;
  readonly split: string;
  readonly licence?: string;
  readonly about?: string;
  /** Where the judgements lie, if apart from the texts: `hub:OWNER/NAME@COMMIT`. */
  readonly judgements?: string;
  /**
   * How many there are in all, where only a sample was read. Of pairs the rows: how many are left when equal
   * texts are one is not known before all are read.
   */
  readonly of?: { readonly queries: number; readonly documents: number };
  /** What reading its files came to; a collection that was not read from files has none. */
  readonly counts?: ReadCounts;
  /**
   * For each query the row of its own document, which is left out of its list, -1 for none; absent where no query
   * has one. See `ownDocuments`.
   */
  readonly ownDocuments?: Int32Array;
  readonly corpus: TextTable;
  readonly queries: TextTable;
  readonly qrels: readonly ReadonlyMap<number, number>[];
}
