import { UserError } from '../../base/userError.ts';
import { numberOfCell } from './numbers.ts';
import type { RowPlace } from './rowLedger.ts';

/**
 * What a column of a file of pairs holds, by the names in use among sentence-transformers' data sets,
 * https://sbert.net/docs/sentence_transformer/dataset_overview.html. Where two columns have one role, the
 * name that stands first here counts.
 */
const columnNames = {
  query: [
    'query',
    'anchor',
    'question',
    'question1',
    'question_1',
    'sentence1',
    'sentence_1',
    'sentence_a',
    'sent1',
    'text1',
    'text_1',
    'text_a',
    'premise',
    'set1',
    'title',
  ],
  positive: [
    'positive',
    'pos',
    'answer',
    'passage',
    'document',
    'question2',
    'question_2',
    'sentence2',
    'sentence_2',
    'sentence_b',
    'sent2',
    'text2',
    'text_2',
    'text_b',
    'hypothesis',
    'response',
    'context',
    'body',
    'text',
  ],
  score: ['score', 'similarity_score', 'similarity', 'label', 'is_duplicate', 'relevance', 'rel'],
} as const;

const negativeName = /^(hard_)?neg(ative)?s?(_\d+)?$/;

/** Where the columns of a file of pairs stand. */
export interface PairColumns {
  readonly query: number;
  readonly positive: number;
  readonly negatives: readonly number[];
  readonly score: number | null;
  /** Every column's name, in the file's order; without a header, "column 1", "column 2", ... */
  readonly names: readonly string[];
}

/** @returns null where the names give no query or no document */
export function columnsByName(names: readonly string[], place: RowPlace): PairColumns | null {
  const low = names.map((name) => name.trim().toLowerCase());
  const first = (role: keyof typeof columnNames): number =>
    columnNames[role].map((name) => low.indexOf(name)).find((at) => at >= 0) ?? -1;
  const query = first('query');
  const positive = first('positive');
  if (query < 0 || positive < 0) return null;
  const score = first('score');
  if (low[query] === 'premise' && low[score] === 'label') {
    throw new UserError(
      'has the labels of an inference data set, which are no scores; keep the rows that entail and drop the column "label".',
      place,
    );
  }
  return {
    query,
    positive,
    negatives: low.flatMap((name, at) => (negativeName.test(name) ? [at] : [])),
    score: score < 0 ? null : score,
    names,
  };
}

/** Columns of a file without a header: a query, a document, and perhaps a score (a number) or a negative. */
export function columnsByPlace(cells: readonly string[], place: RowPlace): PairColumns {
  const count = cells.length;
  if (count !== 2 && count !== 3) {
    throw new UserError(
      `has ${count === 1 ? '1 column' : `${count} columns`}; a file of pairs has two (query, document), three (with a score or a negative), ` +
        'or a header that names them, such as query, positive, negative.',
      place,
    );
  }
  const scored = count === 3 && numberOfCell(cells[2]) !== null;
  return {
    query: 0,
    positive: 1,
    negatives: count === 3 && !scored ? [2] : [],
    score: scored ? 2 : null,
    names: cells.map((_, at) => `column ${at + 1}`),
  };
}

/**
 * Columns of records with one more field, which those before have not.
 * @throws UserError when it is a score, which all must have
 */
export function withField(columns: PairColumns, name: string, place: RowPlace): PairColumns {
  const names = [...columns.names, name];
  const low = name.trim().toLowerCase();
  if (columns.score === null && (columnNames.score as readonly string[]).includes(low)) {
    throw new UserError(`has a "${name}", which the rows before have not; give every row one.`, place);
  }
  const negatives = negativeName.test(low) ? [...columns.negatives, columns.names.length] : columns.negatives;
  return { ...columns, names, negatives };
}

/**
 * Whether a file's first line, which was taken for a pair with a negative, names columns: the second line has a score
 * there.
 */
export function isUnknownHeader({ negatives, names }: PairColumns, second: readonly string[]): boolean {
  return (
    names.length === 3 &&
    names[2] === 'column 3' &&
    negatives.length === 1 &&
    second.length === 3 &&
    numberOfCell(second[2]) !== null
  );
}
