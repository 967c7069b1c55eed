import { UserError } from '../../base/userError.ts';
import { type PairColumns, withField } from './columns.ts';
import { wrongCount } from './delimited.ts';
import { HeldText } from './heldText.ts';
import { isAmbiguousNumber, numberOfCell } from './numbers.ts';
import { RowLedger, type RowPlace } from './rowLedger.ts';

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
  /** Where each of them stands. */
  readonly places: readonly RowPlace[];
  readonly kind: 'pairs' | 'triplets' | 'scored pairs';
  /** What became of the rows. */
  readonly ledger: RowLedger;
  /** Name of the column that each role was read from. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What pairs of these columns are. */
function kindOf({
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

/** Rows as pairs. Those without a query or a document are left out, which the ledger says. Texts are trimmed. */
export class PairReader {
  readonly pairs: Pair[] = [];
  readonly #places: RowPlace[] = [];
  readonly #ledger = new RowLedger();
  readonly #held = new HeldText();
  #columns: PairColumns;
  readonly #known: Set<string>;

  constructor(columns: PairColumns) {
    this.#columns = columns;
    this.#known = new Set(columns.names);
  }

  get names(): readonly string[] {
    return this.#columns.names;
  }

  /** Rows taken, those left out included. */
  get rows(): number {
    return this.#ledger.counts().rows.pairs;
  }

  /** Fields of a record that those before did not have: there may be negatives in them. */
  meet(fields: readonly string[], place: RowPlace): void {
    for (const field of fields) {
      if (this.#known.has(field)) continue;
      this.#known.add(field);
      this.#columns = withField(this.#columns, field, place);
    }
  }

  /** A record, by its fields' names. */
  takeRecord(record: Readonly<Record<string, unknown>>, place: RowPlace): void {
    const { names } = this.#columns;
    this.take((at) => record[names[at]!], place);
  }

  /** A row of cells, of which the last may be missing. @throws UserError when it has too many */
  takeList(cells: readonly unknown[], place: RowPlace): void {
    // Delimiters at a line's end begin no columns.
    const beyond = cells.slice(this.names.length);
    if (beyond.some((cell) => typeof cell !== 'string' || cell.trim() !== '')) {
      throw wrongCount(cells.length, this.names.length, place);
    }
    this.take((at) => cells[at], place);
  }

  /**
   * One row; a list of documents (`pos`, `neg` of embedding-training-data) gives a pair each. A negative that is
   * missing or empty is none.
   * @throws UserError with file and line where a text or a score is of another kind
   */
  take(cell: (at: number) => unknown, place: RowPlace): void {
    const { query: queryAt, positive, negatives: negativesAt, score: scoreAt } = this.#columns;
    this.#ledger.read('pairs');
    const [query, ...others] = textsOf(cell(queryAt), 'query', place);
    if (others.length > 0) {
      throw new UserError('needs exactly one query; break the line into one pair a line.', place);
    }
    const positives = textsOf(cell(positive), 'document', place);
    if (query === undefined || positives.length === 0) {
      this.#ledger.note('pairWithoutText', place);
      return;
    }
    const negatives = negativesAt.flatMap((at) => textsOf(cell(at), 'negative', place));
    const score = scoreAt === null ? null : scoreOf(cell(scoreAt), place);
    this.#held.add(place, query, ...positives, ...negatives);
    for (const text of positives) {
      this.pairs.push({ query, positive: text, negatives, score });
      this.#places.push(place);
    }
  }

  /** @throws UserError when nothing is left */
  done(file: string): ReadPairs {
    if (this.pairs.length === 0) {
      throw new UserError(
        ['has no rows with a query and a document; choose other columns.', ...this.#ledger.warnings()].join(
          ' ',
        ),
        { file },
      );
    }
    return {
      file,
      pairs: this.pairs,
      places: this.#places,
      ledger: this.#ledger,
      ...kindOf(this.#columns),
    };
  }
}

/** The texts of a cell, which may be a list; those that are missing or empty are none. */
function textsOf(value: unknown, role: string, place: RowPlace): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((text) => {
    if (text === undefined || text === null) return [];
    if (typeof text !== 'string') {
      throw new UserError(`has a ${role} that is no text; put it in quotation marks.`, place);
    }
    const trimmed = text.trim();
    return trimmed === '' ? [] : [trimmed];
  });
}

function scoreOf(value: unknown, place: RowPlace): number {
  const score = numberOfCell(value);
  if (score !== null) return score;
  const shown =
    typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  throw new UserError(
    typeof value === 'string' && isAmbiguousNumber(value)
      ? `has the score "${value}", whose comma may stand before decimals or between thousands; write a point, or none.`
      : `has the score "${value === undefined || value === null ? '' : shown}", which is no number; correct it.`,
    place,
  );
}
