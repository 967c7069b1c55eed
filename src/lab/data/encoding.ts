import { UserError } from '../../base/userError.ts';
import { peek } from './unpack.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32';

/** By the byte order mark; without one, by the zeros that the other half of Latin characters are. */
function encodingOf([a, b, c, d]: Uint8Array): Encoding {
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0) return 'utf-32';
  if (a !== 0 && b === 0 && d === 0) return c === 0 ? 'utf-32' : 'utf-16le';
  if (a === 0 && c === 0 && b !== 0 && d !== 0) return 'utf-16be';
  return 'utf-8';
}

/**
 * A text file's bytes as UTF-8, from UTF-8 or from UTF-16, which spreadsheets save as "Unicode text".
 * @throws UserError when it is UTF-32, and from the stream where it is no UTF-16
 */
export async function asUtf8(
  stream: ReadableStream<Uint8Array>,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const { head, stream: whole } = await peek(stream, 4);
  const encoding = head.length < 4 && head[0] !== 0xff && head[0] !== 0xfe ? 'utf-8' : encodingOf(head);
  if (encoding === 'utf-8') return whole;
  if (encoding === 'utf-32') {
    await whole.cancel();
    throw new UserError('is UTF-32 or no text; save the file as UTF-8.', { file: name });
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  const decode = (block?: Uint8Array): Uint8Array => {
    try {
      return encoder.encode(block ? decoder.decode(block, { stream: true }) : decoder.decode());
    } catch {
      throw new UserError(`is no whole ${encoding.toUpperCase()}; save the file as UTF-8.`, { file: name });
    }
  };
  return whole.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (block, controller) => controller.enqueue(decode(block)),
      flush: (controller) => controller.enqueue(decode()),
    }),
  );
}
