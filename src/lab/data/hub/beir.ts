import { generator, permutation } from '../../../base/random.ts';
import { UserError } from '../../../base/userError.ts';
import { type CollectionHead, judgedCollection, judgedSlice, type ReadCollection } from '../beir.ts';
import { numberOfCell } from '../numbers.ts';
import {
  gatherJudgements,
  hasRelevant,
  type Judgement,
  type Judgements,
  judgementColumns,
  judgementsOf,
} from '../qrels.ts';
import { RowLedger, type RowPlace } from '../rowLedger.ts';
import { type Shard, shardRows } from '../shard.ts';
import { type ReadTexts, TextReader, textOfCell } from '../texts.ts';
import type { BeirLayout, TextLayout } from './entries.ts';
import { filesCalled, ofSplit, preferParquet, sameSplit, type TableFile, tableFiles } from './layout.ts';
import type { HubFile, HubRepository } from './repository.ts';
import { LowestRanks, rankOf } from './sampling.ts';
import { missingColumn, openTable, ParquetTable, type Row, type Table } from './table.ts';

export type TextLayouts = Pick<BeirLayout, 'corpus' | 'queries'>;

/** What is read of a collection; null takes all. */
export interface BeirSample {
  readonly queries: number | null;
  readonly documents: number | null;
  readonly seed: number;
  /** Documents that are held at most. */
  readonly most?: number;
}

/** More texts than this fill a tab's memory. */
const mostDocuments = 4_000_000;

/**
 * Reads a collection in BEIR's layout from the hub: the queries of one split's judgements, their relevant
 * documents, and of the others all or a sample by rank of their ids, so that a corpus is never held whole. Where
 * the corpus's files say which numbers their parts hold, only the parts with relevant documents and as many
 * seeded ones as the sample needs are fetched.
 * @param judged the repository of the judgements; it may be that of the texts
 * @throws UserError when files are missing or broken, or no query has a relevant document
 */
export async function readHubBeir(
  texts: HubRepository,
  judged: HubRepository,
  layout: TextLayouts,
  head: CollectionHead,
  sample: BeirSample,
): Promise<ReadCollection> {
  const ledger = new RowLedger();
  const file = judgementFile(judged, head.split);
  const name = judged.nameOf(file);
  const judgements = await gatherJudgements(judgementRows(judged, file), name, ledger);
  const { split } = head;
  const queries = await readQueries(
    { repository: texts, layout: layout.queries, split },
    judgements,
    sample,
    ledger,
  );
  const relevant = new Set<string>();
  for (const id of queries.texts.ids) {
    for (const [doc, { grade }] of judgements.byQuery.get(id) ?? []) if (grade > 0) relevant.add(doc);
  }
  const corpus = await readCorpus(
    { repository: texts, layout: layout.corpus, split },
    relevant,
    sample,
    ledger,
  );
  return judgedCollection(
    { queries: queries.texts, corpus: corpus.texts, judgements, ledger },
    {
      ...head,
      ...(judged.source === texts.source ? {} : { judgements: judged.source }),
      of: { queries: queries.total, documents: corpus.total },
    },
    {
      query: (id) => queries.wanted !== null && !queries.wanted.has(id),
      document: (_, grade) => sample.documents !== null && grade <= 0,
    },
  );
}

/**
 * Reads a shard's documents alone: of a Parquet corpus the groups of rows that begin in the shard's part of them.
 * @returns null where the corpus is no Parquet
 */
export async function readHubSlice(
  texts: HubRepository,
  judged: HubRepository,
  layout: TextLayouts,
  head: CollectionHead,
  shard: Shard,
): Promise<ReadCollection | null> {
  const { split } = head;
  const { table, columns } = await openTexts({ repository: texts, layout: layout.corpus, split });
  if (!(table instanceof ParquetTable)) return null;
  const ledger = new RowLedger();
  const file = judgementFile(judged, split);
  const judgements = await gatherJudgements(judgementRows(judged, file), judged.nameOf(file), ledger);
  const all = { queries: null, documents: null, seed: 0 };
  const queries = await readQueries(
    { repository: texts, layout: layout.queries, split },
    judgements,
    all,
    ledger,
  );
  const corpus = new TextReader('documents', layout.corpus, ledger);
  const groups = table.groupsFrom(shardRows(table.rows, shard));
  for await (const { cells, file, line } of table.readGroups(groups, columns)) {
    corpus.take(cells, { file, line });
  }
  return judgedSlice({ queries: queries.texts, corpus, judgements, ledger }, head);
}

function judgementFiles({ files }: HubRepository): TableFile[] {
  const tables = tableFiles(files);
  const below = tables.filter(({ path }) => /(^|\/)qrels\//.test(path));
  return below.length > 0 ? below : tables;
}

export function judgedSplits(repository: HubRepository): string[] {
  return [...new Set(judgementFiles(repository).map(({ split }) => split))];
}

/** The file of a split's judgements: below `qrels`, else any table called as the split. */
function judgementFile(repository: HubRepository, split: string): HubFile {
  const [found] = preferParquet(judgementFiles(repository).filter((table) => sameSplit(table.split, split)));
  if (found) return found;
  const splits = judgedSplits(repository);
  throw new UserError(
    splits.length === 0
      ? 'has no judgements (qrels); name their repository in the spec as "judgements".'
      : `has no judgements for the split "${split}"; it has ${splits.join(', ')}.`,
    { file: repository.source },
  );
}

async function* judgementRows(repository: HubRepository, file: HubFile): AsyncGenerator<Judgement> {
  if (/\.[ct]sv(\.gz)?$/i.test(file.path)) {
    yield* judgementsOf(repository.stream(file));
    return;
  }
  const table = await openTable(repository, [file]);
  const name = repository.nameOf(file);
  const named = (role: keyof typeof judgementColumns): string | undefined =>
    judgementColumns[role].find((one) => table.columns.includes(one));
  const column = (role: keyof typeof judgementColumns): string => {
    const found = named(role);
    if (found === undefined) throw missingColumn(judgementColumns[role][0]!, table.columns, name);
    return found;
  };
  const [query, document, score] = [column('query'), column('document'), named('grade')];
  for await (const { cells, line } of table.all([query, document, ...(score === undefined ? [] : [score])])) {
    // Where no column grades, what is named is relevant, as sentence-transformers reads NanoBEIR.
    const grade = score === undefined ? 1 : numberOfCell(cells[score]);
    if (grade === null) {
      throw new UserError(
        `has the score "${String(cells[score!] ?? '')}", which is no number; choose another file.`,
        {
          file: name,
          line,
        },
      );
    }
    const cell: unknown = cells[document];
    for (const one of Array.isArray(cell) ? cell : [cell]) {
      yield { query: textOfCell(cells[query]), document: textOfCell(one), grade, line };
    }
  }
}

interface TextPlace {
  readonly repository: HubRepository;
  readonly layout: TextLayout;
  readonly split: string;
}

/** Opens the table of a layout, with its columns as they are there. */
async function openTexts({
  repository,
  layout,
  split,
}: TextPlace): Promise<{ readonly table: Table; readonly columns: string[] }> {
  const files = ofSplit(filesCalled(repository.files, layout.files), split);
  if (files.length === 0) {
    throw new UserError(`has no table called "${layout.files}"; choose another data set.`, {
      file: repository.source,
    });
  }
  const table = await openTable(repository, files);
  const columns = [layout.id, layout.text];
  const missing = columns.find((name) => !table.columns.includes(name));
  if (missing !== undefined) throw missingColumn(missing, table.columns, repository.nameOf(files[0]!));
  if (layout.title !== undefined && table.columns.includes(layout.title)) columns.push(layout.title);
  return { table, columns };
}

interface ReadQueries {
  readonly texts: ReadTexts;
  /** Those that were looked for; null when all queries were read. */
  readonly wanted: ReadonlySet<string> | null;
  /** Judged queries with a relevant document. */
  readonly total: number;
}

/**
 * All queries, or a seeded sample of those with a relevant document, in the file's order. The sample is drawn
 * from the judgements, so that only its own texts are looked for.
 */
async function readQueries(
  place: TextPlace,
  { byQuery }: Judgements,
  sample: BeirSample,
  ledger: RowLedger,
): Promise<ReadQueries> {
  const judged = [...byQuery].filter(([, grades]) => hasRelevant(grades)).map(([id]) => id);
  const { layout } = place;
  const { table, columns } = await openTexts(place);
  const texts = new TextReader('queries', layout, ledger);
  if (sample.queries === null) {
    for await (const { cells, file, line } of table.all(columns)) texts.take(cells, { file, line });
    return { texts, wanted: null, total: judged.length };
  }
  const count = Math.min(sample.queries, judged.length);
  const drawn = permutation(judged.length, generator(sample.seed)).subarray(0, count);
  const wanted = new Set([...drawn].map((at) => judged[at]!));
  for await (const { cells, file, line } of rowsWith(table, columns, layout.id, [...wanted])) {
    const place = { file, line };
    const read = texts.read(cells, place);
    if (read && wanted.has(read.id)) texts.add(read.id, read.text, place);
  }
  return { texts, wanted, total: judged.length };
}

/** Rows that may have one of some ids: where ids are numbers and the files say where they lie, those parts only. */
function rowsWith(
  table: Table,
  columns: readonly string[],
  idColumn: string,
  ids: readonly string[],
): AsyncGenerator<Row> {
  const numbers = ids.map(Number);
  if (!(table instanceof ParquetTable) || !numbers.every(Number.isSafeInteger)) return table.all(columns);
  return table.readGroups(table.groupsWith(idColumn, numbers), columns);
}

interface ReadCorpus {
  readonly texts: ReadTexts;
  readonly total: number;
}

interface Document {
  readonly id: string;
  readonly text: string;
  readonly order: number;
  readonly place: RowPlace;
}

async function readCorpus(
  place: TextPlace,
  relevant: ReadonlySet<string>,
  { documents, seed, most = mostDocuments }: BeirSample,
  ledger: RowLedger,
): Promise<ReadCorpus> {
  const { repository, layout } = place;
  const { table, columns } = await openTexts(place);
  const tooMany = (count: number): UserError =>
    new UserError(
      `has more than ${most / 1e6} million documents${count > most ? ` (${count})` : ''}; set a sample of documents.`,
      { file: repository.source },
    );
  const texts = new TextReader('documents', layout, ledger);
  let count = 0;
  if (documents === null) {
    if ((table.rows ?? 0) > most) throw tooMany(table.rows ?? 0);
    for await (const { cells, file, line } of table.all(columns)) {
      count++;
      texts.take(cells, { file, line });
      if (texts.ids.length > most) throw tooMany(texts.ids.length);
    }
    return { texts, total: table.rows ?? count };
  }
  const kept: Document[] = [];
  const others = new LowestRanks<Document>(Math.max(0, documents - relevant.size));
  const { rows, sampled } = corpusRows(table, columns, layout.id, relevant, { documents, seed });
  for await (const row of rows) {
    count++;
    const place = { file: row.file, line: row.line };
    const read = texts.read(row.cells, place);
    if (!read) continue;
    const document = { ...read, order: row.order, place };
    if (relevant.has(read.id)) kept.push(document);
    else if (sampled(row)) others.offer(rankOf(seed, read.id), row.order, document);
  }
  kept.push(...others.items());
  kept.sort((a, b) => a.order - b.order);
  for (const { id, text, place } of kept) texts.add(id, text, place);
  return { texts, total: table.rows ?? count };
}

interface CorpusRows {
  readonly rows: AsyncGenerator<Row>;
  /** Whether a row that is not relevant may be in the sample. */
  readonly sampled: (row: Row) => boolean;
}

/**
 * The rows to look at. Of a corpus in parts that say which numbers they hold, those with a relevant document and
 * seeded ones; the sample comes of the seeded ones alone, so that it does not depend on what is relevant.
 */
function corpusRows(
  table: Table,
  columns: readonly string[],
  idColumn: string,
  relevant: ReadonlySet<string>,
  { documents, seed }: { readonly documents: number; readonly seed: number },
): CorpusRows {
  const numbers = [...relevant].map(Number);
  if (!(table instanceof ParquetTable) || !numbers.every(Number.isSafeInteger)) {
    return { rows: table.all(columns), sampled: () => true };
  }
  // Twice as many rows as documents, so that what lies together is not taken whole.
  const seeded = documents === 0 ? [] : table.seededGroups(columns, { rows: 2 * documents, seed });
  const starts = seeded.map(({ order, rows }) => [order, order + rows] as const).sort((a, b) => a[0] - b[0]);
  let at = 0;
  return {
    rows: table.readGroups([...table.groupsWith(idColumn, numbers), ...seeded], columns),
    // Rows come in order.
    sampled: ({ order }) => {
      while (at < starts.length && order >= starts[at]![1]) at++;
      return at < starts.length && order >= starts[at]![0];
    },
  };
}
