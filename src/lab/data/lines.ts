import { joinBytes } from '../../base/bytes.ts';
import { UserError } from '../../base/userError.ts';
import { asUtf8 } from './encoding.ts';
import { unpacked } from './unpack.ts';

/** A file, wherever it lies: dropped on the page, answered by a server, or on a disk. */
export interface NamedSource {
  /** As the user knows it; stands in every problem's sentence. */
  readonly name: string;
  /** Bytes, where they are known before reading. */
  readonly size?: number;
  stream(): Promise<ReadableStream<Uint8Array>>;
}

export interface Line {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
}

/** In bytes. A longer line is taken for a file of another kind, and is never held whole. */
export const longestLine = 16 * 2 ** 20;

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a text file in UTF-8 or UTF-16, packed by gzip or not, empty ones too, without their ends (LF or CRLF;
 * CR in a file without LF) and without a byte order mark. At most one line and one block of the stream are held at a
 * time.
 * @throws UserError with the line that is not UTF-8 or is longer than {@link longestLine}
 */
export async function* linesOf(source: NamedSource): AsyncGenerator<Line> {
  const decode = decoderOf(source.name);
  let held: Uint8Array[] = [];
  let heldLength = 0;
  let number = 0;
  const hold = (part: Uint8Array): void => {
    heldLength += part.length;
    if (heldLength > longestLine) {
      throw new UserError(
        `is longer than ${longestLine / 2 ** 20} MiB; break the file into one record a line.`,
        { file: source.name, line: number + 1 },
      );
    }
    held.push(part);
  };
  const take = (): Uint8Array => {
    const [only] = held;
    const whole = held.length === 1 && only ? only : joinBytes(held);
    held = [];
    heldLength = 0;
    return whole;
  };

  // A reader, since Safari's streams cannot be iterated.
  const reader = (await asUtf8(await unpacked(await source.stream(), source.name), source.name)).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const block = read.value;
      let at = 0;
      for (let end = block.indexOf(newline, at); end >= 0; end = block.indexOf(newline, at)) {
        hold(block.subarray(at, end));
        yield decode(take(), ++number);
        at = end + 1;
      }
      // A copy, so that a short rest does not keep its block alive.
      if (at < block.length) hold(block.slice(at));
    }
    if (heldLength === 0) return;
    const last = take();
    for (const line of number === 0 ? byCarriageReturns(last) : [last]) yield decode(line, ++number);
  } finally {
    // Also when a line was refused or the caller has seen enough: the rest need not be fetched.
    await reader.cancel().catch(() => {});
  }
}

/** Lines as Macs ended them before 2001, and some spreadsheets still do. */
function* byCarriageReturns(bytes: Uint8Array): Generator<Uint8Array> {
  let at = 0;
  for (let end = bytes.indexOf(carriageReturn); end >= 0; end = bytes.indexOf(carriageReturn, at)) {
    yield bytes.subarray(at, end);
    at = end + 1;
  }
  if (at < bytes.length) yield bytes.subarray(at);
}

function decoderOf(file: string): (bytes: Uint8Array, number: number) => Line {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (bytes, number) => {
    const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
    try {
      const text = decoder.decode(bytes.subarray(0, end));
      return { text: number === 1 ? text.replace(/^\ufeff/, '') : text, number };
    } catch {
      throw new UserError('is not UTF-8, but perhaps Latin-1 or Windows-1252; save the file as UTF-8.', {
        file,
        line: number,
      });
    }
  };
}
