import { UserError } from '../../base/userError.ts';
import {
  type BeirTexts,
  type CollectionHead,
  judgeTexts,
  type ReadCollection,
  readBeirTexts,
} from './beir.ts';
import { collectionFromPairs, judgedPairs, type TrainingPairs, trainingPairs } from './fromPairs.ts';
import type { NamedSource } from './lines.ts';
import type { ReadPairs } from './pairs.ts';
import { readPairs } from './readPairs.ts';
import { readZeshel } from './zeshel.ts';

/** A file of a dropped folder; `path` is below the folder. */
export interface DroppedSource extends NamedSource {
  readonly path: string;
}

/** What was understood, before anything runs. */
export interface Preview {
  readonly name: string;
  readonly kind: 'beir' | 'mentions' | ReadPairs['kind'];
  /** One sentence in the user's words. */
  readonly sentence: string;
  readonly queries: number;
  readonly documents: number;
  readonly splits: readonly string[];
  readonly split: string;
  /** For pairs: role (query, document, negative, score) to the name of its column. */
  readonly columns: Readonly<Record<string, string>>;
  /** The first queries, each with a relevant document. */
  readonly examples: readonly { readonly query: string; readonly document: string }[];
  readonly warnings: readonly string[];
}

/** A collection made of a user's files. What was read for the preview is kept, not read again. */
export interface Understood {
  readonly preview: Preview;
  /** @throws UserError when there is no such split or its file is wrong */
  load(split: string): Promise<ReadCollection>;
  /** Pairs to train on. @throws UserError as `load` */
  trainingPairs(split: string): Promise<TrainingPairs>;
}

/** What each kind of files gives for the rest to be made of. */
interface Reader {
  readonly kind: Preview['kind'];
  readonly what: string;
  readonly columns: Preview['columns'];
  readonly read: (split: string) => Promise<ReadCollection>;
  readonly pairs: (split: string) => Promise<TrainingPairs>;
}

const splitNames = ['test', 'dev', 'validation', 'val', 'eval', 'train'];

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Parts of one split, as the hub numbers them, go by its name. */
function withoutEnding(path: string): string {
  return baseName(path)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '')
    .replace(/-\d{5}-of-\d{5}$/, '');
}

function isFileCalled(path: string, name: string): boolean {
  const base = baseName(path).toLowerCase();
  return base === name || base === `${name}.gz`;
}

/** Without those that systems leave in folders. */
export function visibleFiles(files: readonly DroppedSource[]): readonly DroppedSource[] {
  return files.filter(({ path }) => !baseName(path).startsWith('.'));
}

/**
 * Decides what dropped files are, and reads them.
 * @throws UserError that names the file, and the line where there is one, and says what to do
 */
export async function understand(name: string, files: readonly DroppedSource[]): Promise<Understood> {
  const visible = visibleFiles(files);
  if (visible.length === 0) {
    throw new UserError(`"${name}" holds no file; drop a BEIR folder or a file of pairs.`);
  }
  const isCalled = (wanted: string): boolean => visible.some(({ path }) => isFileCalled(path, wanted));
  if (
    isCalled('corpus.jsonl') ||
    isCalled('queries.jsonl') ||
    visible.some(({ path }) => /(^|\/)qrels\//.test(path))
  ) {
    return await understandBeir(name, visible);
  }
  if (visible.some(({ path }) => mentionsFile.test(path))) return await understandZeshel(name, visible);
  if (isCalled('config.json')) {
    throw new UserError(`"${name}" looks like a model folder; drop it where models are chosen.`);
  }
  return await understandPairs(name, visible);
}

const mentionsFile = /(^|\/)mentions\/[^/]+\.json$/;
const pagesFile = /(^|\/)documents\/[^/]+\.json$/;

async function understandZeshel(name: string, files: readonly DroppedSource[]): Promise<Understood> {
  const byName = (pattern: RegExp): Map<string, DroppedSource> =>
    new Map(files.filter(({ path }) => pattern.test(path)).map((file) => [withoutEnding(file.path), file]));
  const mentions = byName(mentionsFile);
  const pages = byName(pagesFile);
  const read = (split: string): Promise<ReadCollection> =>
    readZeshel(mentions.get(split)!, pages, headOf(name, split));
  return await understood(name, [...mentions.keys()], {
    kind: 'mentions',
    what: 'mentions and pages of ZESHEL',
    columns: {},
    read,
    pairs: async (split) => judgedPairs(await read(split)),
  });
}

/** What of dropped files a collection in BEIR's layout is made of, as far as it is there. */
export function beirFiles(files: readonly DroppedSource[]): {
  readonly corpus: DroppedSource | undefined;
  readonly queries: DroppedSource | undefined;
  /** By split. */
  readonly qrels: ReadonlyMap<string, DroppedSource>;
} {
  const called = (wanted: string): DroppedSource | undefined =>
    files.find(({ path }) => isFileCalled(path, wanted));
  return { corpus: called('corpus.jsonl'), queries: called('queries.jsonl'), qrels: qrelsOf(files) };
}

async function understandBeir(name: string, files: readonly DroppedSource[]): Promise<Understood> {
  const { corpus, queries, qrels } = beirFiles(files);
  const missing = [
    corpus ? [] : ['corpus.jsonl'],
    queries ? [] : ['queries.jsonl'],
    qrels.size > 0 ? [] : ['qrels/test.tsv'],
  ].flat();
  if (!corpus || !queries || missing.length > 0) {
    throw new UserError(
      `"${name}" has no ${missing.join(' and no ')}; a collection is corpus.jsonl, queries.jsonl and qrels, dropped together.`,
    );
  }
  // Every split judges the same texts.
  let texts: Promise<BeirTexts> | null = null;
  return await understood(name, [...qrels.keys()], {
    kind: 'beir',
    what: 'a collection in BEIR layout',
    columns: {},
    read: async (split) => {
      texts ??= readBeirTexts(corpus, queries);
      return await judgeTexts(await texts, qrels.get(split)!, headOf(name, split));
    },
    pairs: async (split) => {
      texts ??= readBeirTexts(corpus, queries);
      return judgedPairs(await judgeTexts(await texts, qrels.get(split)!, headOf(name, split)));
    },
  });
}

/** Split to qrels file: those in a folder `qrels`, else loose .tsv, .qrels, .trec and .txt files. */
function qrelsOf(files: readonly DroppedSource[]): Map<string, DroppedSource> {
  const tables = files.filter(
    ({ path }) =>
      /\.([ct]sv|txt|qrels|trec)(\.gz)?$/i.test(path) && !/^(readme|licen[cs]e)\b/i.test(baseName(path)),
  );
  const inFolder = tables.filter(({ path }) => /(^|\/)qrels\//.test(path));
  const split = (path: string): string => withoutEnding(path).replace(/^qrels[._-](?=.)/i, '');
  return new Map((inFolder.length > 0 ? inFolder : tables).map((file) => [split(file.path), file]));
}

async function understandPairs(name: string, files: readonly DroppedSource[]): Promise<Understood> {
  const tables = files.filter(
    ({ path }) =>
      /\.((jsonl?|csv|tsv|txt)(\.gz)?|parquet)$/i.test(path) && !/^readme\b/i.test(baseName(path)),
  );
  const [only] = tables;
  if (!only) {
    throw new UserError(
      `"${name}" is of no kind that the lab reads; drop corpus.jsonl, queries.jsonl and qrels, or pairs as .tsv, .csv, .jsonl or .parquet.`,
    );
  }
  const splits = new Map(
    tables.length === 1
      ? [['all', only]]
      : tables.map((file) => [withoutEnding(file.path).toLowerCase(), file]),
  );
  if (tables.length > 1 && (splits.size < tables.length || ![...splits.keys()].every(isSplitName))) {
    throw new UserError(
      `"${name}" holds ${tables.length} files of pairs (${tables.map(({ path }) => path).join(', ')}); ` +
        'drop one at a time, or name them by split, as train, dev and test.',
    );
  }
  const read = new Map<string, Promise<ReadPairs>>();
  const pairsOf = (split: string): Promise<ReadPairs> => {
    const pairs = read.get(split) ?? readPairs(splits.get(split)!);
    read.set(split, pairs);
    return pairs;
  };
  const { kind, columns, pairs } = await pairsOf(preferredSplit([...splits.keys()]));
  const roles = Object.entries(columns).map(([role, column]) => `${role} from ${column}`);
  return await understood(name, [...splits.keys()], {
    kind,
    columns,
    what: `${pairs.length} ${kind} (${roles.join(', ')})`,
    read: async (split) => collectionFromPairs(await pairsOf(split), headOf(name, split)),
    pairs: async (split) => {
      const read = await pairsOf(split);
      return { pairs: trainingPairs(read), warnings: read.ledger.warnings() };
    },
  });
}

function isSplitName(name: string): boolean {
  return splitNames.includes(name);
}

/** The split to show first. */
export function preferredSplit(splits: readonly string[]): string {
  return splitNames.find((split) => splits.includes(split)) ?? splits[0]!;
}

async function understood(name: string, splits: readonly string[], reader: Reader): Promise<Understood> {
  const collections = new Map<string, Promise<ReadCollection>>();
  const check = (split: string): void => {
    if (!splits.includes(split)) {
      throw new UserError(`"${name}" has no split "${split}"; it has ${splits.join(', ')}.`);
    }
  };
  const load = async (split: string): Promise<ReadCollection> => {
    check(split);
    const collection = collections.get(split) ?? reader.read(split);
    collections.set(split, collection);
    return await collection;
  };
  const { collection, warnings } = await load(preferredSplit(splits));
  const queries = collection.queries.ids.length;
  const documents = collection.corpus.ids.length;
  return {
    load,
    trainingPairs: async (split) => {
      check(split);
      return await reader.pairs(split);
    },
    preview: {
      name,
      kind: reader.kind,
      sentence: `${name}: ${reader.what}, which makes ${queries} queries over ${documents} documents.`,
      queries,
      documents,
      splits,
      split: collection.split,
      columns: reader.columns,
      examples: collection.queries.texts.slice(0, 3).map((query, q) => {
        const row = [...collection.qrels[q]!].find(([, grade]) => grade > 0)?.[0];
        return { query, document: row === undefined ? '' : collection.corpus.texts[row]! };
      }),
      warnings,
    },
  };
}

function headOf(name: string, split: string): CollectionHead {
  return { name, title: name, source: `folder:${name}`, split };
}
