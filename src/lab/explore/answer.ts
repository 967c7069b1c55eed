import type { ExploredFlow, ExploredList, Explorer } from './explorer.ts';
import type { OpenedExplorer } from './openExplorer.ts';

/** A query of the collection, to pick. */
export interface PickedQuery {
  readonly id: string;
  readonly text: string;
  /** Rows of the documents judged relevant. */
  readonly relevant: readonly number[];
}

/** What the page shows of a collection that can be searched. */
export interface ExploredPage {
  readonly title: string;
  readonly documents: number;
  readonly of: { readonly queries: number; readonly documents: number };
  readonly stored: boolean;
  readonly queries: readonly PickedQuery[];
}

/** An answer as the page draws it. */
export interface SeenAnswer {
  readonly query: string;
  readonly lists: readonly ExploredList[];
  readonly flows: readonly ExploredFlow[];
  /** Documents of the lists and the flows, by row. */
  readonly documents: Readonly<Record<number, { readonly id: string; readonly text: string }>>;
  /** Milliseconds from the call to the lists. */
  readonly milliseconds: number;
  /** What must be known to read the lists, as that the query has no word that BM25's index has. */
  readonly notes: readonly string[];
}

/** Characters of a document that the page is sent. */
const mostCharacters = 600;

export function pageOf({ explorer, stored, of }: OpenedExplorer): ExploredPage {
  const { title, corpus, queries, qrels } = explorer.collection;
  return {
    title,
    documents: corpus.ids.length,
    of,
    stored,
    queries: queries.ids.map((id, q) => ({
      id,
      text: queries.texts[q]!,
      relevant: [...qrels[q]!].filter(([, grade]) => grade > 0).map(([document]) => document),
    })),
  };
}

/** @throws Cancelled when the next query comes first */
export async function answerFor(
  explorer: Explorer,
  query: string,
  { depth, followed }: { readonly depth: number; readonly followed: readonly number[] },
  signal: AbortSignal,
): Promise<SeenAnswer> {
  const started = performance.now();
  const { lists, flows } = await explorer.search(query, depth, followed, signal);
  const { ids, texts } = explorer.collection.corpus;
  const rows = new Set([
    ...lists.flatMap(({ hits }) => hits.map(({ document }) => document)),
    ...flows.flatMap(({ lines }) => lines.map(({ document }) => document)),
  ]);
  return {
    query,
    lists,
    flows,
    documents: Object.fromEntries(
      [...rows].map((row) => [row, { id: ids[row]!, text: texts[row]!.slice(0, mostCharacters) }]),
    ),
    milliseconds: performance.now() - started,
    notes: notesOn(query, lists),
  };
}

function notesOn(query: string, lists: readonly ExploredList[]): string[] {
  const notes: string[] = [];
  const words = lists.find(({ system }) => system === 'bm25');
  if (words && words.hits.length === 0) {
    notes.push(
      'No document has a word of this query, so that BM25 finds nothing; the layers compare vectors and always find something.',
    );
  }
  if (query.length > 2000) {
    notes.push(
      `The query has ${query.length} characters; each model reads it up to its length, the rest is cut off.`,
    );
  }
  return notes;
}
