import { UserError } from '../../../base/userError.ts';
import type { HubFile } from './repository.ts';

/** A table's file: the folder it lies in (the hub's subset), and the split its name says. */
export interface TableFile extends HubFile {
  readonly subset: string;
  readonly split: string;
}

const ending = /\.(parquet|jsonl|json|csv|tsv)(\.gz)?$/i;

/** Numbers that parts of a table carry, as in train-00000-of-00002 or 0000. */
const part = /[-_.]?\d{4,}([-_]of[-_]\d+)?(-[0-9a-f]{8,})?$/;

/** Names that mean the same split. */
const aliases = [['dev', 'validation', 'valid', 'val', 'eval']];

const splitWords = new Set(['train', 'test', 'corpus', 'queries', ...aliases.flat()]);

/**
 * What a path of the hub means by its customs: `SUBSET/SPLIT-00000-of-00002.parquet`, `SUBSET/SPLIT/0000.parquet`,
 * `SPLIT.jsonl.gz`. null where it is no table.
 */
function tableFile(file: HubFile): TableFile | null {
  if (!ending.test(file.path)) return null;
  const folders = file.path.replace(ending, '').split('/');
  const base = (folders.pop() ?? '').replace(part, '');
  const last = folders.at(-1);
  const split = base !== '' ? base : (folders.pop() ?? 'train');
  // SUBSET/SPLIT/whatever.parquet
  if (
    base !== '' &&
    last !== undefined &&
    folders.length > 1 &&
    splitWords.has(last) &&
    !splitWords.has(base)
  ) {
    return { ...file, subset: folders.slice(0, -1).join('/'), split: last };
  }
  return { ...file, subset: folders.join('/'), split };
}

export function tableFiles(files: readonly HubFile[]): TableFile[] {
  return files.flatMap((file) => tableFile(file) ?? []);
}

export function sameSplit(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x === y || aliases.some((names) => names.includes(x) && names.includes(y));
}

function isParquet({ path }: HubFile): boolean {
  return /\.parquet$/i.test(path);
}

/** Where a table lies there twice, as Parquet and as lines, the Parquet files. */
export function preferParquet<T extends HubFile>(files: readonly T[]): T[] {
  const parquet = files.filter(isParquet);
  return parquet.length > 0 ? parquet : [...files];
}

/** Folders of rows of texts to train on, by preference, as sentence-transformers' data sets call them. */
export const trainingSubsets: readonly string[] = ['triplet', 'pair', 'data', ''];

/** The same for a collection, which has no use for given negatives. */
export const collectionSubsets: readonly string[] = ['pair', 'triplet', 'data', ''];

/**
 * The files of one split of one subset.
 * @param subset its name, or names by preference; where none of those is there, the only one there is
 * @throws UserError that names what there is
 */
export function splitFiles(
  files: readonly HubFile[],
  split: string,
  subset: string | readonly string[],
  source: string,
): TableFile[] {
  const tables = tableFiles(files);
  if (tables.length === 0) {
    throw new UserError(
      'has no Parquet, .jsonl, .csv or .tsv file; choose another data set, or download its files and drop them.',
      { file: source },
    );
  }
  const subsets = [...new Set(tables.map((table) => table.subset))];
  const withSplit = [
    ...new Set(tables.filter((table) => sameSplit(table.split, split)).map((table) => table.subset)),
  ];
  const chosen =
    typeof subset === 'string'
      ? subset
      : (subset.find((name) => withSplit.includes(name)) ??
        (withSplit.length === 1 ? withSplit[0] : undefined));
  if (chosen === undefined) {
    throw new UserError(
      withSplit.length === 0
        ? `has no split "${split}"; it has ${listed(tables.map((table) => table.split))}.`
        : `has the subsets ${listed(withSplit)}, and none called triplet or pair; name one in the spec's columns.subset.`,
      { file: source },
    );
  }
  const there = tables.filter((table) => table.subset === chosen);
  if (there.length === 0) {
    throw new UserError(`has no subset "${chosen}"; it has ${listed(subsets)}.`, { file: source });
  }
  const found = preferParquet(there.filter((table) => sameSplit(table.split, split)));
  if (found.length === 0) {
    throw new UserError(
      `has no split "${split}"${chosen === '' ? '' : ` in "${chosen}"`}; it has ${listed(there.map((table) => table.split))}.`,
      { file: source },
    );
  }
  return found;
}

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)].map((name) => name || '(no folder)');
  return distinct.length > 12 ? `${distinct.slice(0, 12).join(', ')} and others` : distinct.join(', ');
}

/**
 * Of the tables of several collections that lie side by side, each in a split of its own, those of one; all where none
 * is called as the split.
 */
export function ofSplit(tables: readonly TableFile[], split: string): TableFile[] {
  const own = tables.filter((table) => sameSplit(table.split, split));
  return own.length > 0 ? own : [...tables];
}

/** Tables in a folder of this name, or whose own name begins with it or ends with it, as `quora-corpus`. */
export function filesCalled(files: readonly HubFile[], name: string): TableFile[] {
  const tables = tableFiles(files);
  const inFolder = tables.filter(({ path }) => path.split('/').slice(0, -1).includes(name));
  const called = tables.filter(({ path }) => {
    const base = path.slice(path.lastIndexOf('/') + 1);
    return base.startsWith(`${name}.`) || base.startsWith(`${name}-`);
  });
  return preferParquet(inFolder.length > 0 ? inFolder : called);
}
