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
  readonly corpus: TextTable;
  readonly queries: TextTable;
  readonly qrels: readonly ReadonlyMap<number, number>[];
}
