import { UserError } from '../../base/userError.ts';
import type { Collection } from './collection.ts';
import type { NamedSource } from './lines.ts';
import { readQrels } from './qrels.ts';
import { type ReadTexts, readTexts } from './texts.ts';

/** The two files of texts of BEIR's layout, https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset */
export interface BeirTexts {
  readonly corpus: ReadTexts;
  readonly queries: ReadTexts;
}

export interface ReadCollection {
  readonly collection: Collection;
  /** One sentence each; nothing that stops a run. */
  readonly warnings: readonly string[];
}

export type CollectionHead = Pick<Collection, 'name' | 'title' | 'source' | 'split' | 'licence' | 'about'>;

/** @throws UserError with file and line */
export async function readBeirTexts(corpus: NamedSource, queries: NamedSource): Promise<BeirTexts> {
  return { corpus: await readTexts(corpus, 'corpus'), queries: await readTexts(queries, 'queries') };
}

/**
 * Makes a collection of texts and one split's qrels. Queries without a relevant document (score above 0)
 * cannot be measured; they are left out, and a warning says how many and where the first stands.
 * @throws UserError with file and line; also when no query has a relevant document
 */
export async function judgeTexts(
  { corpus, queries }: BeirTexts,
  judgements: NamedSource,
  head: CollectionHead,
): Promise<ReadCollection> {
  const qrels = await readQrels(judgements, queries, corpus);
  const kept: number[] = [];
  let firstLeft = -1;
  for (const [q, judged] of qrels.entries()) {
    if ([...judged.values()].some((grade) => grade > 0)) kept.push(q);
    else if (firstLeft < 0) firstLeft = q;
  }
  if (kept.length === 0) {
    throw new UserError('gives no query a relevant document (score above 0); check ids and scores.', {
      file: judgements.name,
    });
  }
  const warnings: string[] = [];
  if (firstLeft >= 0) {
    const more = queries.ids.length - kept.length - 1;
    warnings.push(
      `${queries.file}, line ${queries.lines[firstLeft]}: the query "${queries.ids[firstLeft]}" has no relevant document in ` +
        `${judgements.name}; ${more === 0 ? 'it is' : `it and ${more} more are`} left out. Add judgements to measure ${more === 0 ? 'it' : 'them'}.`,
    );
  }
  return {
    collection: {
      ...head,
      corpus: { ids: corpus.ids, texts: corpus.texts },
      queries: { ids: kept.map((q) => queries.ids[q]!), texts: kept.map((q) => queries.texts[q]!) },
      qrels: kept.map((q) => qrels[q]!),
    },
    warnings,
  };
}
