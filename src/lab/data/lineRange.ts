import type { NamedSource } from './lines.ts';

/** A file of which parts can be read. */
export interface RangedFile {
  /** As the user knows it. */
  readonly name: string;
  readonly byteLength: number;
  /** The bytes [from, to). */
  slice(from: number, to: number): Promise<ArrayBuffer>;
}

const newline = 0x0a;

/** Enough to tell what a file is. */
const headBytes = 64;

/**
 * Whether a file is lines of UTF-8, of which some can be read by themselves: not packed, not UTF-16, and no JSON array,
 * whose elements may be broken into lines in any way.
 */
export async function isSplittable(file: RangedFile): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, Math.min(headBytes, file.byteLength)));
  const [a, b] = head;
  const packed = a === 0x1f && b === 0x8b;
  const utf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || head.includes(0);
  return !packed && !utf16 && !/^\ufeff?\s*\[/.test(new TextDecoder().decode(head));
}

/** Bytes that are asked for at a time, and behind the range, where its last line ends. */
interface Requests {
  readonly block: number;
  readonly behind: number;
}

/**
 * The lines of a file that begin at a byte of [from, to), as a file of their own. Besides them no more is read than the
 * byte before and what is asked for at once behind the last line.
 */
export function lineRange(
  file: RangedFile,
  [from, to]: readonly [number, number],
  { block, behind }: Requests = { block: 2 ** 22, behind: 2 ** 14 },
): NamedSource {
  return {
    name: from === 0 ? file.name : `${file.name} (behind byte ${from})`,
    stream: () => Promise.resolve(new ReadableStream(new LineRange(file, [from, to], { block, behind }))),
  };
}

class LineRange implements UnderlyingDefaultSource<Uint8Array> {
  readonly #file: RangedFile;
  readonly #to: number;
  readonly #requests: Requests;
  #at: number;
  /** Whether the first line's beginning was met. */
  #inside: boolean;
  #ended: boolean;

  constructor(file: RangedFile, [from, to]: readonly [number, number], requests: Requests) {
    this.#file = file;
    this.#to = Math.min(to, file.byteLength);
    this.#requests = requests;
    // The byte before tells whether a line begins at the first.
    this.#at = Math.max(0, from - 1);
    this.#inside = from === 0;
    this.#ended = from >= this.#to;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    for (;;) {
      if (this.#ended) {
        controller.close();
        return;
      }
      const bytes = await this.#next();
      if (bytes.length === 0) continue;
      controller.enqueue(bytes);
      return;
    }
  }

  async #next(): Promise<Uint8Array> {
    const { block, behind } = this.#requests;
    const { byteLength } = this.#file;
    const start = this.#at;
    const end = start < this.#to ? Math.min(start + block, this.#to) : Math.min(start + behind, byteLength);
    const bytes = new Uint8Array(await this.#file.slice(start, end));
    this.#at = end;
    const first = this.#inside ? 0 : bytes.indexOf(newline) + 1;
    this.#inside ||= first > 0;
    // The line before may end at the range's end or behind it, so that none begins inside.
    if (!this.#inside || (start < this.#to && start + first >= this.#to)) {
      this.#ended = end >= this.#to;
      return bytes.subarray(0, 0);
    }
    // The last line holds the last byte of the range.
    const last = bytes.indexOf(newline, Math.max(0, this.#to - 1 - start));
    this.#ended = last >= 0 || end === byteLength;
    return bytes.subarray(first, last >= 0 ? last + 1 : bytes.length);
  }
}
