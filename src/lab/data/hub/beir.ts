import { generator, permutation } from '../../../base/random.ts';
import { UserError } from '../../../base/userError.ts';
import type { CollectionHead, ReadCollection } from '../beir.ts';
import type { TextTable } from '../collection.ts';
import { type Judgement, judgementsOf } from '../qrels.ts';
import type { BeirLayout, TextLayout } from './entries.ts';
import { filesCalled, preferParquet, sameSplit, type TableFile, tableFiles } from './layout.ts';
import type { HubFile, HubRepository } from './repository.ts';
import { LowestRanks, rankOf } from './sampling.ts';
import { missingColumn, openTable, ParquetTable, type Row, type Table } from './table.ts';

export type TextLayouts = Pick<BeirLayout, 'corpus' | 'queries'>;

/** What is read of a collection; null takes all. */
export interface BeirSample {
  readonly queries: number | null;
  readonly documents: number | null;
  readonly seed: number;
}

/** More texts than this fill a tab's memory. */
const mostDocuments = 4_000_000;

type Grades = Map<string, number>;

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
  const warnings: string[] = [];
  const file = judgementFile(judged, head.split);
  const qrels = await readJudgements(judged, file);
  const queries = await readQueries(texts, layout.queries, qrels, sample);
  if (queries.missing.length > 0) {
    warnings.push(
      leftOut(
        judged.nameOf(file),
        queries.missing,
        'judges',
        'query',
        'queries',
        'in the queries or without text',
      ),
    );
  }
  const relevant = new Set<string>();
  for (const id of queries.ids)
    for (const [doc, grade] of qrels.get(id) ?? []) if (grade > 0) relevant.add(doc);
  const corpus = await readCorpus(texts, layout.corpus, relevant, sample);
  const missing = [...relevant].filter((id) => !corpus.rows.has(id));
  if (missing.length > 0) {
    warnings.push(
      leftOut(
        judged.nameOf(file),
        missing,
        'names',
        'document',
        'documents',
        'in the corpus or without text',
      ),
    );
  }
  const rows: number[] = [];
  const judgements: Map<number, number>[] = [];
  for (const [at, id] of queries.ids.entries()) {
    const grades = new Map<number, number>();
    for (const [doc, grade] of qrels.get(id) ?? []) {
      const row = corpus.rows.get(doc);
      if (row !== undefined) grades.set(row, grade);
    }
    if (!hasRelevant(grades)) continue;
    rows.push(at);
    judgements.push(grades);
  }
  if (rows.length === 0) {
    throw new UserError('gives no query a relevant document (score above 0); choose another split.', {
      file: judged.nameOf(file),
    });
  }
  return {
    collection: {
      ...head,
      ...(judged.source === texts.source ? {} : { judgements: judged.source }),
      of: { queries: queries.total, documents: corpus.total },
      corpus: { ids: corpus.ids, texts: corpus.texts },
      queries: { ids: rows.map((at) => queries.ids[at]!), texts: rows.map((at) => queries.texts[at]!) },
      qrels: judgements,
    },
    warnings,
  };
}

function leftOut(
  file: string,
  ids: readonly string[],
  verb: string,
  one: string,
  several: string,
  where: string,
): string {
  return `${file} ${verb} ${ids.length} ${ids.length === 1 ? one : several} not ${where}: "${ids[0]}"${ids.length > 1 ? ' and others' : ''}; left out.`;
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

const queryNames = ['query-id', 'query_id', 'qid', 'query'];
const documentNames = ['corpus-id', 'corpus_id', 'doc_id', 'docid', 'pid', 'document'];
const gradeNames = ['score', 'relevance', 'label', 'grade'];

/** Grades by query id, then document id. */
async function readJudgements(repository: HubRepository, file: HubFile): Promise<Map<string, Grades>> {
  const qrels = new Map<string, Grades>();
  for await (const { query, document, grade } of judgementRows(repository, file)) {
    const grades = qrels.get(query) ?? new Map<string, number>();
    grades.set(document, grade);
    qrels.set(query, grades);
  }
  if (qrels.size === 0) {
    throw new UserError('has no judgements; choose another split.', { file: repository.nameOf(file) });
  }
  return qrels;
}

async function* judgementRows(repository: HubRepository, file: HubFile): AsyncGenerator<Judgement> {
  if (/\.tsv(\.gz)?$/i.test(file.path)) {
    yield* judgementsOf(repository.stream(file));
    return;
  }
  const table = await openTable(repository, [file]);
  const name = repository.nameOf(file);
  const column = (names: readonly string[]): string => {
    const found = names.find((one) => table.columns.includes(one));
    if (found === undefined) throw missingColumn(names[0]!, table.columns, name);
    return found;
  };
  const [query, document, score] = [column(queryNames), column(documentNames), column(gradeNames)];
  for await (const { cells, line } of table.all([query, document, score])) {
    const grade = Number(cells[score]);
    if (!Number.isFinite(grade)) {
      throw new UserError(
        `has the score "${String(cells[score])}", which is no number; choose another file.`,
        {
          file: name,
          line,
        },
      );
    }
    yield { query: idOf(cells[query]), document: idOf(cells[document]), grade, line };
  }
}

function idOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'bigint' || typeof value === 'number'
      ? String(value)
      : '';
}

/** Opens the table of a layout, with its columns as they are there. */
async function openTexts(
  repository: HubRepository,
  layout: TextLayout,
): Promise<{ readonly table: Table; readonly columns: string[] }> {
  const files = filesCalled(repository.files, layout.files);
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

/** Title and text joined by a space and trimmed, as BEIR's own models do; empty where there is none. */
function textOf({ cells }: Row, { text, title }: TextLayout): string {
  const body = cells[text];
  const heading = title === undefined ? undefined : cells[title];
  return [heading, body]
    .map((part) => (typeof part === 'string' ? part.trim() : ''))
    .join(' ')
    .trim();
}

interface ReadQueries extends TextTable {
  /** Ids that were looked for and are not there, or have no text. */
  readonly missing: readonly string[];
  /** Judged queries with a relevant document. */
  readonly total: number;
}

/**
 * The judged queries with a relevant document, or a seeded sample of them, in the file's order. The sample is drawn
 * from the judgements, so that only its own texts are looked for.
 */
async function readQueries(
  repository: HubRepository,
  layout: TextLayout,
  qrels: ReadonlyMap<string, Grades>,
  sample: BeirSample,
): Promise<ReadQueries> {
  const judged = [...qrels].filter(([, grades]) => hasRelevant(grades)).map(([id]) => id);
  const count = Math.min(sample.queries ?? judged.length, judged.length);
  const drawn = permutation(judged.length, generator(sample.seed)).subarray(0, count);
  const wanted = new Set(count === judged.length ? judged : [...drawn].map((at) => judged[at]!));
  const { table, columns } = await openTexts(repository, layout);
  const ids: string[] = [];
  const texts: string[] = [];
  for await (const row of rowsWith(table, columns, layout.id, [...wanted])) {
    const id = idOf(row.cells[layout.id]);
    const text = textOf(row, layout);
    if (text === '' || !wanted.delete(id)) continue;
    ids.push(id);
    texts.push(text);
  }
  return { ids, texts, missing: [...wanted], total: judged.length };
}

function hasRelevant(grades: ReadonlyMap<unknown, number>): boolean {
  return [...grades.values()].some((grade) => grade > 0);
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

interface ReadCorpus extends TextTable {
  readonly rows: ReadonlyMap<string, number>;
  readonly total: number;
}

interface Document {
  readonly id: string;
  readonly text: string;
}

async function readCorpus(
  repository: HubRepository,
  layout: TextLayout,
  relevant: ReadonlySet<string>,
  { documents, seed }: BeirSample,
): Promise<ReadCorpus> {
  const { table, columns } = await openTexts(repository, layout);
  const kept: { readonly order: number; readonly document: Document }[] = [];
  const others = new LowestRanks<Document & { readonly order: number }>(
    documents === null ? Number.POSITIVE_INFINITY : Math.max(0, documents - relevant.size),
  );
  const seen = new Set<string>();
  const tooMany = (count: number): UserError =>
    new UserError(
      `has more than ${mostDocuments / 1e6} million documents${count > mostDocuments ? ` (${count})` : ''}; set a sample of documents.`,
      { file: repository.source },
    );
  if (documents === null && (table.rows ?? 0) > mostDocuments) throw tooMany(table.rows ?? 0);
  const { rows, sampled } = corpusRows(table, columns, layout.id, relevant, { documents, seed });
  let count = 0;
  for await (const row of rows) {
    count++;
    const id = idOf(row.cells[layout.id]);
    const text = textOf(row, layout);
    // Nobody can mend a file of the hub: what has no text cannot be found, and of equal ids the first counts.
    if (id === '' || text === '') continue;
    if (relevant.has(id)) {
      if (seen.has(id)) continue;
      seen.add(id);
      kept.push({ order: row.order, document: { id, text } });
    } else if (sampled(row)) {
      if (documents === null) {
        kept.push({ order: row.order, document: { id, text } });
        if (kept.length > mostDocuments) throw tooMany(kept.length);
      } else {
        others.offer(rankOf(seed, id), row.order, { id, text, order: row.order });
      }
    }
  }
  for (const { order, id, text } of others.items()) kept.push({ order, document: { id, text } });
  kept.sort((a, b) => a.order - b.order);
  const byId = new Map<string, number>();
  const unique: Document[] = [];
  for (const { document } of kept) {
    if (byId.has(document.id)) continue;
    byId.set(document.id, unique.length);
    unique.push(document);
  }
  return {
    ids: unique.map(({ id }) => id),
    texts: unique.map(({ text }) => text),
    rows: byId,
    total: table.rows ?? count,
  };
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
  { documents, seed }: Pick<BeirSample, 'documents' | 'seed'>,
): CorpusRows {
  const numbers = [...relevant].map(Number);
  if (documents === null || !(table instanceof ParquetTable) || !numbers.every(Number.isSafeInteger)) {
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
