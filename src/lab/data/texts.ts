import { UserError } from '../../base/userError.ts';
import type { TextTable } from './collection.ts';
import { HeldText } from './heldText.ts';
import type { NamedSource } from './lines.ts';
import { recordsOf } from './records.ts';
import type { RowFate, RowLedger, RowPlace } from './rowLedger.ts';

/** The texts of a corpus or of queries as they were read. */
export interface ReadTexts extends TextTable {
  /** Row of each id. */
  readonly rows: ReadonlyMap<string, number>;
  /** Where each row stands. */
  readonly places: readonly RowPlace[];
}

export type TextKind = 'documents' | 'queries';

/** Which cells hold what. */
export interface TextCells {
  readonly id: string;
  readonly text: string;
  /** Put before the text, a space between. */
  readonly title?: string;
}

/** The cells of BEIR's corpus.jsonl and queries.jsonl. */
export const beirCells: Readonly<Record<TextKind, TextCells>> = {
  documents: { id: '_id', text: 'text', title: 'title' },
  queries: { id: '_id', text: 'text' },
};

const fates = {
  documents: {
    noId: 'documentWithoutId',
    noText: 'documentWithoutText',
    sameId: 'documentOfSameId',
    again: 'documentAgain',
  },
  queries: {
    noId: 'queryWithoutId',
    noText: 'queryWithoutText',
    sameId: 'queryOfSameId',
    again: 'queryAgain',
  },
} as const satisfies Record<TextKind, Record<string, RowFate>>;

/** A cell as text; null and what is neither text nor number are none. */
export function textOfCell(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : '';
}

/**
 * One kind of texts, row by row. A row without an id or a text is left out, of rows with one id the first counts;
 * the ledger says which. Title and text are joined by a space and trimmed, as BEIR's own models do
 * (beir/retrieval/models/sentence_bert.py, encode_corpus).
 */
export class TextReader implements ReadTexts {
  readonly ids: string[] = [];
  readonly texts: string[] = [];
  readonly places: RowPlace[] = [];
  readonly rows = new Map<string, number>();
  readonly #kind: TextKind;
  readonly #cells: TextCells;
  readonly #ledger: RowLedger;
  readonly #held = new HeldText();

  constructor(kind: TextKind, cells: TextCells, ledger: RowLedger) {
    this.#kind = kind;
    this.#cells = cells;
    this.#ledger = ledger;
  }

  /** @returns null where the row has no id or no text */
  read(
    cells: Readonly<Record<string, unknown>>,
    place: RowPlace,
  ): { readonly id: string; readonly text: string } | null {
    this.#ledger.read(this.#kind);
    const id = textOfCell(cells[this.#cells.id]);
    if (id === '') {
      this.#ledger.note(fates[this.#kind].noId, place);
      return null;
    }
    const title = this.#cells.title === undefined ? '' : textOfCell(cells[this.#cells.title]);
    const text = `${title} ${textOfCell(cells[this.#cells.text])}`.trim();
    if (text === '') {
      this.#ledger.note(fates[this.#kind].noText, place, id);
      return null;
    }
    return { id, text };
  }

  add(id: string, text: string, place: RowPlace): void {
    const twin = this.rows.get(id);
    if (twin !== undefined) {
      const { again, sameId } = fates[this.#kind];
      this.#ledger.note(this.texts[twin] === text ? again : sameId, place, id);
      return;
    }
    this.#held.add(place, id, text);
    this.rows.set(id, this.ids.length);
    this.ids.push(id);
    this.texts.push(text);
    this.places.push(place);
  }

  /** Reads a row and adds it. */
  take(cells: Readonly<Record<string, unknown>>, place: RowPlace): void {
    const read = this.read(cells, place);
    if (read) this.add(read.id, read.text, place);
  }
}

/**
 * @param part whether it is a part of a file, which may be empty
 * @throws UserError when a line is no object, or no row is left
 */
export async function readTexts(
  source: NamedSource,
  kind: TextKind,
  ledger: RowLedger,
  part = false,
): Promise<ReadTexts> {
  const reader = new TextReader(kind, beirCells[kind], ledger);
  let rows = 0;
  for await (const { value, line } of recordsOf(source)) {
    const place = { file: source.name, line };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UserError('is not an object; give each line "_id" and "text".', place);
    }
    reader.take(value as Readonly<Record<string, unknown>>, place);
    rows++;
  }
  if (part) return reader;
  if (rows === 0) {
    throw new UserError('is empty; it needs one JSON object a line, with "_id" and "text".', {
      file: source.name,
    });
  }
  if (reader.ids.length === 0) {
    throw new UserError(`has no row with "_id" and "text". ${ledger.warnings().join(' ')}`, {
      file: source.name,
    });
  }
  return reader;
}
