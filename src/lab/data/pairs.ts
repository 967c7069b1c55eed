import { UserError } from '../../base/userError.ts';
import type { PairColumns } from './columns.ts';

/** A query, a document that goes with it, and perhaps documents that do not, or a score. */
export interface Pair {
  readonly query: string;
  readonly positive: string;
  readonly negatives: readonly string[];
  readonly score: number | null;
}

export interface ReadPairs {
  readonly file: string;
  readonly pairs: readonly Pair[];
  readonly kind: 'pairs' | 'triplets' | 'scored pairs';
  /** Rows without a query or a document, which were left out; in a file that nobody can mend. */
  readonly blank?: number;
  /** Name of the column that each role was read from. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What pairs of these columns are. */
export function kindOf({
  query,
  positive,
  negatives,
  score,
  names,
}: PairColumns): Pick<ReadPairs, 'kind' | 'columns'> {
  return {
    kind: negatives.length > 0 ? 'triplets' : score !== null ? 'scored pairs' : 'pairs',
    columns: {
      query: names[query]!,
      document: names[positive]!,
      ...(negatives.length > 0 ? { negative: negatives.map((at) => names[at]!).join(', ') } : {}),
      ...(score === null ? {} : { score: names[score]! }),
    },
  };
}

/**
 * One row; a list of documents (`pos`, `neg` of embedding-training-data) gives a pair each.
 * @throws UserError with file and line where a text is missing
 */
export function pairsOf(
  columns: PairColumns,
  cell: (at: number) => unknown,
  place: { readonly file: string; readonly line: number },
): Pair[] {
  const texts = (at: number, role: string): string[] => {
    const value = cell(at);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((text) => {
      if (text !== undefined && text !== null && typeof text !== 'string') {
        throw new UserError(`has a ${role} that is no text; put it in quotation marks.`, place);
      }
      const trimmed = text?.trim();
      if (!trimmed) throw new UserError(`has an empty ${role}; fill it or remove the line.`, place);
      return trimmed;
    });
  };
  const [query, ...others] = texts(columns.query, 'query');
  if (query === undefined || others.length > 0) {
    throw new UserError('needs exactly one query; break the line into one pair a line.', place);
  }
  const positives = texts(columns.positive, 'document');
  const negatives = columns.negatives.flatMap((at) => texts(at, 'negative'));
  const score = columns.score === null ? null : scoreOf(cell(columns.score), place);
  return positives.map((positive) => ({ query, positive, negatives, score }));
}

function scoreOf(value: unknown, place: { readonly file: string; readonly line: number }): number {
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof score !== 'number' || !Number.isFinite(score)) {
    throw new UserError(`has the score "${String(value ?? '')}", which is no number; correct it.`, place);
  }
  return score;
}
