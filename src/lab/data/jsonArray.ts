import { UserError } from '../../base/userError.ts';
import { type Line, longestLine } from './lines.ts';

/** Takes a JSON array apart, line by line, without holding more than one element. */
export class JsonArray {
  readonly #file: string;
  /** Brackets that are open: 1 between the elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #closed = false;
  #any = false;
  #parts: string[] = [];
  #length = 0;
  #start = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The elements that end in a line. @throws UserError where no element stands between two commas */
  *take({ text, number }: Line): Generator<Line> {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (sign === '\\') this.#escaped = true;
        else if (sign === '"') this.#inString = false;
        continue;
      }
      if (sign.trim() === '') continue;
      if (this.#closed) throw this.#problem('has more after the end of its array', number);
      if (this.#depth === 1 && (sign === ',' || sign === ']')) {
        this.#hold(text.slice(from, at), number);
        const element = this.#take();
        if (element) yield element;
        else if (sign === ',' || this.#any)
          throw this.#problem(`has a "${sign}" without a value before it`, number);
        if (sign === ']') this.#closed = true;
        this.#any = true;
        from = at + 1;
        continue;
      }
      if (this.#depth > 0 && this.#start === 0) this.#start = number;
      if (sign === '"') this.#inString = true;
      else if (sign === '[' || sign === '{') this.#depth++;
      else if (sign === ']' || sign === '}') this.#depth--;
      if (this.#depth === 1 && this.#start === 0) from = at + 1;
    }
    this.#hold(`${text.slice(from)}\n`, number);
  }

  /** @throws UserError when the array is not closed */
  end(line: number): void {
    if (!this.#closed) throw this.#problem('ends before its array does', line);
  }

  #hold(part: string, line: number): void {
    if (this.#start === 0) return;
    this.#length += part.length;
    if (this.#length > longestLine) {
      throw this.#problem(`holds a value longer than ${longestLine / 2 ** 20} Mi characters`, line);
    }
    this.#parts.push(part);
  }

  #take(): Line | null {
    if (this.#start === 0) return null;
    const element = { text: this.#parts.join(''), number: this.#start };
    this.#parts = [];
    this.#length = 0;
    this.#start = 0;
    return element;
  }

  #problem(what: string, line: number): UserError {
    return new UserError(`${what}; correct it, or put one JSON object on each line.`, {
      file: this.#file,
      line,
    });
  }
}
