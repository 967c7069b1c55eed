import { bytes } from '../../base/units.ts';
import { UserError } from '../../base/userError.ts';
import { mergeRankings } from '../../search/mergeRankings.ts';
import type { Ranking, Searcher, SearchOptions } from '../../search/searcher.ts';
import { type TieRule, tieRanks } from '../../search/ties.ts';
import { withoutOwn } from '../../search/withoutOwn.ts';
import type { Collection } from '../data/collection.ts';
import type { EmbeddedBlock } from './embedTexts.ts';
import type { VectorSource } from './vectorSource.ts';

/** A search that was cut off. */
export interface SearchedBefore {
  /** 1 for each row of the corpus that was searched. */
  readonly seen: Uint8Array;
  /** One a layer, over these documents. */
  readonly rankings: readonly Ranking[];
}

export interface SearchLoopOptions {
  /** Documents kept a query; fewer where the collection has fewer. */
  readonly k: number;
  readonly ties: TieRule;
  readonly createSearcher: (options: SearchOptions) => Promise<Searcher>;
  /** Rows of the corpus in the order in which they are embedded; file order without. */
  readonly order?: Int32Array<ArrayBuffer>;
  /** What was searched before: documents are left out that it has seen, and its lists count. */
  readonly before?: SearchedBefore | null;
  /** All queries' vectors, [queries, layers, hiddenSize], before the first document. */
  readonly onQueries?: (vectors: Float32Array<ArrayBuffer>) => Promise<void> | void;
  /** Called after every block was searched. @param rankings over what was searched so far */
  readonly onDocuments?: (
    block: EmbeddedBlock,
    rankings: () => Promise<readonly Ranking[]>,
  ) => Promise<void> | void;
}

export interface Searched {
  readonly k: number;
  /** One a layer. */
  readonly rankings: readonly Ranking[];
  readonly device: Searcher['device'];
}

/**
 * Searches a collection exactly at every layer that its vectors have. Queries are embedded first, then
 * documents stream: memory is bounded by the queries and a block, not by the documents. No query finds its own
 * document where the collection says so.
 */
export async function searchCollection(
  { title, queries, corpus, ownDocuments: own }: Collection,
  source: VectorSource,
  options: SearchLoopOptions,
): Promise<Searched> {
  const { layers, hiddenSize, similarity } = source;
  const width = layers * hiddenSize;
  const [queryCount, documentCount] = [queries.texts.length, corpus.texts.length];
  const k = Math.min(options.k, documentCount);
  // One more, so that the list is whole without the query's own document.
  const asked = own ? Math.min(k + 1, documentCount) : k;

  // Each list is a document and a score, beside the vector that looks for it.
  const perQuery = 4 * width + 8 * layers * asked;
  refuseTooMany(title, queryCount, perQuery);
  const queryVectors = new Float32Array(queryCount * width);
  for await (const { rows, vectors } of source.embed('query', queries, inOrder(queryCount))) {
    for (const [i, row] of rows.entries()) {
      queryVectors.set(vectors.subarray(i * width, (i + 1) * width), row * width);
    }
  }
  await options.onQueries?.(queryVectors);

  const ranks = tieRanks(corpus.ids, options.ties);
  const searcher = await options.createSearcher({
    layers,
    queries: queryCount,
    hiddenSize,
    queryVectors,
    k: asked,
    tieRanks: ranks,
    similarity,
  });
  const { before } = options;
  const rankings = async (): Promise<readonly Ranking[]> => {
    const found = await searcher.rankings();
    const cut = own ? found.map((ranking) => withoutOwn(ranking, asked, k, own)) : found;
    if (!before) return cut;
    return cut.map((ranking, layer) =>
      mergeRankings([before.rankings[layer]!, ranking], { queries: queryCount, k, tieRanks: ranks }),
    );
  };
  const order = options.order ?? inOrder(documentCount);
  const left = before ? order.filter((row) => before.seen[row] === 0) : order;
  try {
    for await (const block of source.embed('document', corpus, left)) {
      await searcher.add(block.vectors, block.rows);
      await options.onDocuments?.(block, rankings);
    }
    return { k, rankings: await rankings(), device: searcher.device };
  } finally {
    searcher.dispose();
  }
}

/** What all queries may take at once; beyond it a tab is likely to be ended by the browser. */
const mostBytes = 3e9;

function refuseTooMany(title: string, queries: number, perQuery: number): void {
  if (queries * perQuery <= mostBytes) return;
  throw new UserError(
    `${title}: its ${queries.toLocaleString('en')} queries take ${bytes(queries * perQuery)} at these layers, more than a tab holds; take at most ${Math.floor(mostBytes / perQuery).toLocaleString('en')} of them, or fewer layers.`,
    { field: 'datasets' },
  );
}

export function inOrder(count: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: count }, (_, index) => index);
}
