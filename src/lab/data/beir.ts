import { UserError } from '../../base/userError.ts';
import { trecIdReader } from '../formats/trecId.ts';
import type { Collection } from './collection.ts';
import type { NamedSource } from './lines.ts';
import {
  gatherJudgements,
  hasRelevant,
  type Judgements,
  judgementsOf,
  type NotLookedFor,
  resolveJudgements,
} from './qrels.ts';
import { RowLedger } from './rowLedger.ts';
import { type ReadTexts, readTexts } from './texts.ts';

/** The two files of texts of BEIR's layout, https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset */
export interface BeirTexts {
  readonly corpus: ReadTexts;
  readonly queries: ReadTexts;
  /** What became of their rows. */
  readonly ledger: RowLedger;
}

export interface ReadCollection {
  readonly collection: Collection;
  /** One sentence each; nothing that stops a run. */
  readonly warnings: readonly string[];
}

export type CollectionHead = Pick<
  Collection,
  'name' | 'title' | 'source' | 'split' | 'licence' | 'about' | 'judgements' | 'of'
>;

/** @throws UserError with file and line */
export async function readBeirTexts(corpus: NamedSource, queries: NamedSource): Promise<BeirTexts> {
  const ledger = new RowLedger();
  return {
    corpus: await readTexts(corpus, 'documents', ledger),
    queries: await readTexts(queries, 'queries', ledger),
    ledger,
  };
}

/**
 * Makes a collection of texts and one split's qrels.
 * @throws UserError with file and line; also when no query has a relevant document
 */
export async function judgeTexts(
  texts: BeirTexts,
  qrels: NamedSource,
  head: CollectionHead,
): Promise<ReadCollection> {
  const ledger = texts.ledger.copy();
  const judgements = await gatherJudgements(judgementsOf(qrels), qrels.name, ledger);
  return judgedCollection({ ...texts, judgements, ledger }, head);
}

/**
 * Makes a collection of what was read. Judgements that name something in vain are left out, and so are queries
 * without a relevant document (score above 0), which cannot be measured.
 * @throws UserError when no query has a relevant document
 */
export function judgedCollection(
  read: BeirTexts & { readonly judgements: Judgements },
  head: CollectionHead,
  notLookedFor?: NotLookedFor,
): ReadCollection {
  const { queries, corpus, judgements, ledger } = read;
  const qrels = resolveJudgements(judgements, read, ledger, notLookedFor);
  const kept: number[] = [];
  for (const [q, judged] of qrels.entries()) {
    if ([...judged.values()].some((grade) => grade > 0)) kept.push(q);
    else ledger.note('queryWithoutRelevant', queries.places[q]!, queries.ids[q]);
  }
  const warnings = ledger.warnings();
  if (kept.length === 0) {
    throw new UserError(
      ['gives no query a relevant document (score above 0); check ids and scores.', ...warnings].join(' '),
      { file: judgements.file },
    );
  }
  return {
    collection: {
      ...head,
      counts: ledger.counts(),
      corpus: { ids: corpus.ids, texts: corpus.texts },
      queries: { ids: kept.map((q) => queries.ids[q]!), texts: kept.map((q) => queries.texts[q]!) },
      qrels: kept.map((q) => qrels[q]!),
    },
    warnings,
  };
}

/**
 * As {@link judgedCollection}, of some of a collection's documents: queries are all those that a judgement gives a
 * relevant document, since whether it is there only the other parts know.
 */
export function judgedSlice(
  { queries, corpus, judgements, ledger }: BeirTexts & { readonly judgements: Judgements },
  head: CollectionHead,
): ReadCollection {
  const elsewhere: NotLookedFor = { query: () => false, document: () => true };
  const qrels = resolveJudgements(judgements, { queries, corpus }, ledger, elsewhere);
  const rowOf = trecIdReader(queries.rows);
  const hopeful = new Set<number>();
  for (const [query, grades] of judgements.byQuery) {
    const row = rowOf(query);
    if (row !== undefined && hasRelevant(grades)) hopeful.add(row);
  }
  const kept = [...qrels.keys()].filter((q) => hopeful.has(q));
  return {
    collection: {
      ...head,
      corpus: { ids: corpus.ids, texts: corpus.texts },
      queries: { ids: kept.map((q) => queries.ids[q]!), texts: kept.map((q) => queries.texts[q]!) },
      qrels: kept.map((q) => qrels[q]!),
    },
    warnings: ledger.warnings(),
  };
}
