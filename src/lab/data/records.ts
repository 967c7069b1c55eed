import { sentenceOf, UserError } from '../../base/userError.ts';
import { JsonArray } from './jsonArray.ts';
import { type Line, linesOf, type NamedSource } from './lines.ts';

export interface JsonRecord {
  readonly value: unknown;
  /** The line it begins at. */
  readonly line: number;
}

/** A number whose digits a double may not keep: many of them, zeros at the end, or an exponent. */
const longNumber = /\d{16}|\d\.\d*0(?!\d)|\d[eE]/;

/**
 * JSON.parse, but a number that a double would print otherwise (9007199254740993, 1.0) comes as text, so that an id
 * keeps its digits.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return longNumber.test(text) ? JSON.parse(quoteLongNumbers(text)) : value;
}

/** @param text valid JSON */
function quoteLongNumbers(text: string): string {
  const token = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const parts: string[] = [];
  let from = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [number] = found;
    if (number === '"') {
      token.lastIndex = endOfString(text, found.index + 1);
    } else if (String(Number(number)) !== number) {
      parts.push(text.slice(from, found.index), `"${number}"`);
      from = token.lastIndex;
    }
  }
  return `${parts.join('')}${text.slice(from)}`;
}

/** Behind the closing quotation mark: the first before which no odd number of backslashes stands. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  for (;;) {
    let first = end;
    while (text[first - 1] === '\\' && first > start) first--;
    if ((end - first) % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
}

/**
 * The values of a JSON Lines file, or of one JSON array of objects or arrays, however it is broken into lines; blank
 * lines are passed over. At most one value is held at a time.
 * @throws UserError with the line and the parser's reason
 */
export async function* recordsOf(source: NamedSource): AsyncGenerator<JsonRecord> {
  const array = new JsonArray(source.name);
  let kind: 'array' | 'lines' | null = null;
  /** A line of a bracket and nothing else, until the next tells whether an array of records begins with it. */
  let opening: Line[] = [];
  let last = 0;
  for await (const line of linesOf(source)) {
    last = line.number;
    if (line.text.trim() === '') continue;
    opening.push(line);
    const start: string = kind ?? opening.map(({ text }) => text.trim()).join('');
    if (start === '[') continue;
    kind ??= /^\[\s*[{[]/.test(start) ? 'array' : 'lines';
    for (const held of opening) {
      if (kind === 'lines') yield parsed(held, source.name);
      else for (const element of array.take(held)) yield parsed(element, source.name);
    }
    opening = [];
  }
  if (kind === 'array') array.end(last);
  for (const held of opening) yield parsed(held, source.name);
}

function parsed({ text, number: line }: Line, file: string): JsonRecord {
  try {
    return { value: parseJson(text), line };
  } catch (error) {
    throw new UserError(`is not JSON (${sentenceOf(error)}); put one JSON object on each line.`, {
      file,
      line,
    });
  }
}
