import { UserError } from '../../base/userError.ts';
import type { ModelKind } from '../models/types.ts';
import type { Spec } from '../spec/spec.ts';
import type { ExploredHit, ExploredList, Explorer } from './explorer.ts';
import { type ExploreEvent, type ExploreServices, openExplorer } from './openExplorer.ts';

export interface NeighboursRequest {
  /** Models, pooling, length, ties and seed; of its collections the first is searched. */
  readonly spec: Spec;
  /** Texts to search for. */
  readonly texts: readonly string[];
  /** Ids of the collection's queries to search for, or all of them. */
  readonly queries: readonly string[] | 'all';
  /** Documents a list. */
  readonly depth: number;
}

/** What one layer of a model, or BM25, finds for one text: a line of JSONL. */
export interface NeighboursLine {
  readonly collection: string;
  /** `id` is null for a text that is no query of the collection. */
  readonly query: { readonly id: string | null; readonly text: string };
  readonly model: ModelKind | 'bm25';
  /** null for BM25. */
  readonly layer: number | null;
  readonly hits: readonly {
    readonly rank: number;
    readonly id: string;
    readonly score: number;
    /** Whether it is judged relevant; of the collection's queries only. */
    readonly relevant?: boolean;
  }[];
}

export type NeighboursEvent = ExploreEvent | { readonly type: 'line'; readonly line: NeighboursLine };

/**
 * Searches a collection for texts at every layer of both models and by BM25, and gives each list as a line.
 * Documents are those that the spec asks for. A query's own document is left out of its lists, as in a run.
 * @throws UserError for a query that is not there, Cancelled when the signal is aborted
 */
export async function listNeighbours(
  { spec, texts, queries, depth }: NeighboursRequest,
  services: ExploreServices,
  listen: (event: NeighboursEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { explorer } = await openExplorer({ spec, whole: false, sample: 'spec' }, services, listen, signal);
  try {
    const asked = [
      ...texts.map((text) => ({ row: null, text })),
      ...rowsOf(explorer, queries).map((row) => ({ row, text: explorer.collection.queries.texts[row]! })),
    ];
    for (const { row, text } of asked) {
      const { lists } = await explorer.search(text, depth + 1, [], signal);
      for (const list of lists) listen({ type: 'line', line: lineOf(explorer, list, { row, text, depth }) });
    }
  } finally {
    await explorer.dispose();
  }
}

function rowsOf({ collection }: Explorer, queries: NeighboursRequest['queries']): number[] {
  const { ids } = collection.queries;
  if (queries === 'all') return [...ids.keys()];
  return queries.map((id) => {
    const row = ids.indexOf(id);
    if (row < 0) {
      throw new UserError(
        `${collection.title} has no query "${id}" among the ${ids.length} that were read; name another, or give its text.`,
      );
    }
    return row;
  });
}

function lineOf(
  { collection }: Explorer,
  { system, layer, hits }: ExploredList,
  { row, text, depth }: { readonly row: number | null; readonly text: string; readonly depth: number },
): NeighboursLine {
  const own = row === null ? -1 : (collection.ownDocuments?.[row] ?? -1);
  const listed = hits.filter(({ document }) => document !== own).slice(0, depth);
  const judged = ({ document }: ExploredHit): { relevant?: boolean } =>
    row === null ? {} : { relevant: (collection.qrels[row]!.get(document) ?? 0) > 0 };
  return {
    collection: collection.name,
    query: { id: row === null ? null : collection.queries.ids[row]!, text },
    model: system,
    layer,
    hits: listed.map((hit, at) => ({
      rank: at + 1,
      id: collection.corpus.ids[hit.document]!,
      score: hit.score,
      ...judged(hit),
    })),
  };
}
