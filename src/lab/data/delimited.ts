import Papa from 'papaparse';
import { UserError } from '../../base/userError.ts';
import { linesOf, longestLine, type NamedSource } from './lines.ts';
import type { RowPlace } from './rowLedger.ts';

export interface DelimitedRow {
  readonly cells: readonly string[];
  /** The line it begins at. */
  readonly line: number;
}

export function wrongCount(count: number, expected: number, place: RowPlace): UserError {
  return new UserError(
    `has ${count === 1 ? '1 column' : `${count} columns`} where the first line has ${expected}; correct the line.`,
    place,
  );
}

/** Rows of a .tsv file. Tabs part the cells and quotation marks are text, as in TREC's and MS MARCO's files. */
export async function* tsvRows(source: NamedSource): AsyncGenerator<DelimitedRow> {
  for await (const { text, number } of linesOf(source)) {
    if (text.trim() !== '') yield { cells: text.split('\t'), line: number };
  }
}

/** Characters given to the parser at once. */
const batchLength = 2 ** 20;

/**
 * Rows of a .csv file (RFC 4180), parsed batch by batch; a quoted cell may hold line ends. Semicolons or
 * tabs part the cells where the first line has no comma.
 * @throws UserError with the line of a quotation mark that is not closed
 */
export async function* csvRows(source: NamedSource): AsyncGenerator<DelimitedRow> {
  let parser: Papa.Parser | null = null;
  let pending = '';
  let line = 1;

  function* parse(last: boolean): Generator<DelimitedRow> {
    parser ??= new Papa.Parser({ delimiter: delimiterOf(pending), newline: '\n' });
    const { data, errors, meta } = parser.parse(pending, 0, !last) as Papa.ParseResult<string[]>;
    // Rows that are not whole yet are parsed again with what follows; their errors do not count.
    const broken = errors.find(({ row }) => row !== undefined && row < data.length);
    for (const [row, cells] of data.entries()) {
      if (broken && row === broken.row) {
        throw new UserError(
          broken.code === 'InvalidQuotes'
            ? 'has a quotation mark inside a quoted cell that is not doubled; write "" for it, without a backslash.'
            : 'has a quotation mark that is not closed; close it, or double it inside quotes.',
          { file: source.name, line },
        );
      }
      if (cells.length > 1 || cells[0]?.trim()) yield { cells, line };
      line += cells.reduce((count, cell) => count + cell.split('\n').length - 1, 1);
    }
    pending = pending.slice(meta.cursor);
    if (pending.length > longestLine) {
      throw new UserError(
        `begins a row longer than ${longestLine / 2 ** 20} MiB; look for a quotation mark that is not closed.`,
        { file: source.name, line },
      );
    }
  }

  let parts: string[] = [];
  let length = 0;
  const gather = (): void => {
    pending += parts.join('');
    parts = [];
    length = 0;
  };
  for await (const { text } of linesOf(source)) {
    parts.push(text, '\n');
    length += text.length + 1;
    if (length < batchLength) continue;
    gather();
    yield* parse(false);
  }
  gather();
  yield* parse(true);
}

/** Rows that are looked at. */
const previewedRows = 20;

/**
 * The delimiter in the first line. Where it has several, as with decimal commas, the one that parts all rows into
 * equally many cells; of several such, into the fewest.
 */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n'));
  const found = [',', ';', '\t'].filter((delimiter) => first.includes(delimiter));
  if (found.length < 2) return found[0] ?? ',';
  const cellsBy = found.map((delimiter) => {
    const parser = new Papa.Parser({ delimiter, newline: '\n', preview: previewedRows });
    const { data } = parser.parse(text, 0, false) as Papa.ParseResult<string[]>;
    const counts = new Set(data.filter((cells) => cells.length > 1 || cells[0]).map(({ length }) => length));
    const [only] = counts;
    return { delimiter, cells: counts.size === 1 && only !== undefined && only > 1 ? only : null };
  });
  const even = cellsBy.filter(({ cells }) => cells !== null).sort((a, b) => a.cells! - b.cells!);
  return (even[0] ?? cellsBy[0]!).delimiter;
}
