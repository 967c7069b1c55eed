import { UserError } from '../../base/userError.ts';
import type { TextTable } from './collection.ts';
import { type NamedSource, recordsOf } from './lines.ts';

/** A corpus.jsonl or queries.jsonl as it was read. */
export interface ReadTexts extends TextTable {
  /** Name of the file. */
  readonly file: string;
  /** Row of each id. */
  readonly rows: ReadonlyMap<string, number>;
  /** Line of each row. */
  readonly lines: readonly number[];
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/**
 * Reads corpus.jsonl or queries.jsonl: `_id`, `text` and, of documents, `title`. Title and text are joined
 * by a space and trimmed, as BEIR's own models do (beir/retrieval/models/sentence_bert.py, encode_corpus).
 * @throws UserError with file and line
 */
export async function readTexts(source: NamedSource, kind: 'corpus' | 'queries'): Promise<ReadTexts> {
  const ids: string[] = [];
  const texts: string[] = [];
  const lines: number[] = [];
  const rows = new Map<string, number>();
  for await (const { value, line } of recordsOf(source)) {
    const place = { file: source.name, line };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UserError('is not an object; give each line "_id" and "text".', place);
    }
    const { _id, text: body, title } = value as Record<string, unknown>;
    const id = idOf(_id);
    if (id === undefined || id === '') throw new UserError('has no "_id"; give each line one.', place);
    if (typeof body !== 'string') throw new UserError(`"${id}" has no "text"; give each line one.`, place);
    const text = (kind === 'corpus' && typeof title === 'string' ? `${title} ${body}` : body).trim();
    if (text === '') throw new UserError(`"${id}" has an empty text; fill it or remove the line.`, place);
    const twin = rows.get(id);
    if (twin !== undefined) {
      throw new UserError(`"${id}" is also the id of line ${lines[twin]}; ids must be unique.`, place);
    }
    rows.set(id, ids.length);
    ids.push(id);
    texts.push(text);
    lines.push(line);
  }
  if (ids.length === 0) {
    throw new UserError('is empty; it needs one JSON object a line, with "_id" and "text".', {
      file: source.name,
    });
  }
  return { file: source.name, ids, texts, rows, lines };
}
