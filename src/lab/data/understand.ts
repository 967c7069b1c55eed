import { Problem } from '../problem.ts';
import { type CollectionHead, type ReadCollection, readBeir } from './beir.ts';
import type { NamedSource } from './lines.ts';
import { collectionOfPairs, readPairs } from './pairs.ts';

/** A file of a dropped folder; `path` is below the folder. */
export interface DroppedSource extends NamedSource {
  readonly path: string;
}

/** What was understood, before anything runs. */
export interface Preview {
  readonly name: string;
  readonly kind: 'beir' | 'pairs' | 'triplets' | 'scored pairs';
  /** One sentence in the user's words. */
  readonly sentence: string;
  readonly queries: number;
  readonly documents: number;
  readonly splits: readonly string[];
  readonly split: string;
  /** The first queries, each with a relevant document. */
  readonly examples: readonly { readonly query: string; readonly document: string }[];
  readonly warnings: readonly string[];
}

/** A collection made of a user's files, read again for another split. */
export interface Understood {
  readonly preview: Preview;
  load(split: string): Promise<ReadCollection>;
}

const splitOrder = ['test', 'dev', 'validation', 'train'];

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Decides what dropped files are, and reads them.
 * @throws Problem that names the file, and the line where there is one, and says what to do
 */
export async function understand(name: string, files: readonly DroppedSource[]): Promise<Understood> {
  const visible = files.filter(({ path }) => !baseName(path).startsWith('.'));
  if (visible.length === 0)
    throw new Problem(`"${name}" holds no file; drop a BEIR folder or a file of pairs.`);
  const called = (wanted: string): DroppedSource | undefined =>
    visible.find(({ path }) => baseName(path).toLowerCase() === wanted);
  const corpus = called('corpus.jsonl');
  const queries = called('queries.jsonl');
  if (corpus || queries || visible.some(({ path }) => /(^|\/)qrels\//.test(path))) {
    return await understandBeir(name, visible, corpus, queries);
  }
  if (called('config.json')) {
    throw new Problem(`"${name}" looks like a model folder; drop it where models are chosen.`);
  }
  const tables = visible.filter(({ path }) => /\.(jsonl?|csv|tsv|txt)$/i.test(path));
  const [only] = tables;
  if (!only) {
    throw new Problem(
      `"${name}" is of no kind that the lab reads; drop corpus.jsonl, queries.jsonl and qrels, or pairs as .tsv, .csv or .jsonl.`,
    );
  }
  if (tables.length > 1) {
    throw new Problem(
      `"${name}" holds ${tables.length} files of pairs (${tables.map(({ path }) => path).join(', ')}); drop one at a time.`,
    );
  }
  return await understandPairs(name, only);
}

async function understandBeir(
  name: string,
  files: readonly DroppedSource[],
  corpus: DroppedSource | undefined,
  queries: DroppedSource | undefined,
): Promise<Understood> {
  const qrels = new Map(
    files
      .filter(({ path }) => /\.(tsv|txt|qrels|trec)$/i.test(path))
      .map((file) => [baseName(file.path).replace(/\.[^.]*$/, ''), file]),
  );
  const missing = [
    corpus ? undefined : 'corpus.jsonl',
    queries ? undefined : 'queries.jsonl',
    qrels.size > 0 ? undefined : 'qrels/test.tsv',
  ].filter((file) => file !== undefined);
  if (!corpus || !queries || missing.length > 0) {
    throw new Problem(
      `"${name}" has no ${missing.join(' and no ')}; a collection is corpus.jsonl, queries.jsonl and qrels, dropped together.`,
    );
  }
  const splits = [...qrels.keys()];
  const split = splitOrder.find((one) => qrels.has(one)) ?? splits[0]!;
  const load = async (wanted: string): Promise<ReadCollection> => {
    const judged = qrels.get(wanted);
    if (!judged) throw new Problem(`"${name}" has no split "${wanted}"; it has ${splits.join(', ')}.`);
    return await readBeir({ corpus, queries, qrels: judged }, headOf(name, wanted));
  };
  const read = await load(split);
  return { preview: previewOf(name, 'beir', 'a collection in BEIR layout', splits, read), load };
}

async function understandPairs(name: string, file: DroppedSource): Promise<Understood> {
  const pairs = await readPairs(file);
  const { columns } = pairs;
  const kind = columns.negative ? 'triplets' : columns.score ? 'scored pairs' : 'pairs';
  const roles = Object.entries(columns).map(
    ([role, column]) => `${role === 'positive' ? 'document' : role} from ${column}`,
  );
  const read = collectionOfPairs(pairs, headOf(name, 'all'), file.name);
  const what = `${pairs.rows.length} ${kind} (${roles.join(', ')})`;
  return {
    preview: previewOf(name, kind, what, ['all'], read),
    load: (split) => Promise.resolve({ ...read, collection: { ...read.collection, split } }),
  };
}

function headOf(name: string, split: string): CollectionHead {
  return { name, title: name, source: `folder:${name}`, split };
}

function previewOf(
  name: string,
  kind: Preview['kind'],
  what: string,
  splits: readonly string[],
  { collection, warnings }: ReadCollection,
): Preview {
  const queries = collection.queries.ids.length;
  const documents = collection.corpus.ids.length;
  return {
    name,
    kind,
    sentence: `${name}: ${what}, which makes ${queries} queries over ${documents} documents.`,
    queries,
    documents,
    splits,
    split: collection.split,
    examples: collection.queries.texts.slice(0, 3).map((query, q) => {
      const row = [...collection.qrels[q]!].find(([, grade]) => grade > 0)?.[0];
      return { query, document: row === undefined ? '' : collection.corpus.texts[row]! };
    }),
    warnings,
  };
}
