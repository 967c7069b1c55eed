import { isUserError } from '../../../base/userError.ts';
import { parseHubName } from '../../hub/name.ts';
import { type FileContext, splitSource } from '../../hub/source.ts';
import { columnsByName } from '../columns.ts';
import { judgedSplits } from './beir.ts';
import { entryOf } from './entries.ts';
import { collectionSubsets, splitFiles, tableFiles } from './layout.ts';
import { isBeir, openJudgements } from './load.ts';
import { type HubOptions, HubRepository } from './repository.ts';
import { openTable } from './table.ts';

/** Which part of a data set is looked at; what is left out is chosen. */
export interface HubChoice {
  readonly subset?: string;
  readonly split?: string;
}

/** What a data set of the hub holds, for its columns to be chosen. */
export interface HubPreview {
  /** `hub:OWNER/NAME@COMMIT` */
  readonly source: string;
  /** Texts and judgements apart need no columns to be chosen. */
  readonly kind: 'beir' | 'pairs';
  readonly subsets: readonly string[];
  readonly subset: string;
  readonly splits: readonly string[];
  readonly split: string;
  readonly columns: readonly string[];
  /** The first rows: a text for each column, cut where it is long. */
  readonly rows: readonly (readonly string[])[];
  /** How many there are; null where only reading all of it tells. */
  readonly total: number | null;
  /** Columns by their names; null where they say nothing. */
  readonly guess: { readonly query: string; readonly document: string; readonly score: string | null } | null;
}

const shownRows = 4;
const shownCharacters = 120;

const preferredSplits = ['test', 'dev', 'validation', 'val', 'eval', 'train'];

/** Looks into a data set: its files' names and the first rows of one. @throws UserError when it is not there */
export async function previewHub(
  source: string,
  choice: HubChoice,
  context: Pick<FileContext, 'hub'>,
  options: HubOptions = {},
): Promise<HubPreview> {
  const { name } = splitSource(source);
  const entry = entryOf(parseHubName(name).repository);
  const repository = await HubRepository.open(name, context, options);
  const { source: resolved, files } = repository;
  if (entry?.layout.kind === 'beir' || isBeir(repository)) {
    const known = entry?.layout.kind === 'beir' ? entry.layout.judgements : undefined;
    const splits = judgedSplits(await openJudgements(undefined, repository, known, context, options));
    return {
      source: resolved,
      kind: 'beir',
      subsets: [],
      subset: '',
      splits,
      split: choice.split ?? entry?.split ?? preferred(splits),
      columns: [],
      rows: [],
      total: null,
      guess: null,
    };
  }
  const tables = tableFiles(files);
  const subsets = [...new Set(tables.map(({ subset }) => subset))];
  const subset =
    choice.subset ?? collectionSubsets.find((preferred) => subsets.includes(preferred)) ?? subsets[0] ?? '';
  const splits = [...new Set(tables.filter((table) => table.subset === subset).map((table) => table.split))];
  const split =
    choice.split !== undefined && splits.includes(choice.split) ? choice.split : preferred(splits);
  const chosen = splitFiles(files, split, subset, resolved);
  const table = await openTable(repository, chosen);
  const first = await table.first(shownRows);
  return {
    source: resolved,
    kind: 'pairs',
    subsets,
    subset,
    splits,
    split,
    columns: table.columns,
    rows: first.map(({ cells }) => table.columns.map((column) => shown(cells[column]))),
    total: table.rows,
    guess: guessOf(table.columns, repository.nameOf(chosen[0]!)),
  };
}

function preferred(splits: readonly string[]): string {
  return preferredSplits.find((split) => splits.includes(split)) ?? splits[0] ?? 'train';
}

function guessOf(columns: readonly string[], file: string): HubPreview['guess'] {
  try {
    const found = columnsByName(columns, { file, line: 1 });
    return (
      found && {
        query: columns[found.query]!,
        document: columns[found.positive]!,
        score: found.score === null ? null : columns[found.score]!,
      }
    );
  } catch (error) {
    // Columns that are no pairs by their names may still be chosen.
    if (isUserError(error)) return null;
    throw error;
  }
}

function shown(value: unknown): string {
  const text =
    typeof value === 'object'
      ? JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
      : String(value ?? '');
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
