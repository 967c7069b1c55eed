import { isCancelled, UserError } from '../../base/userError.ts';
import { gunzipStream } from '../formats/gzip.ts';

/** A stream that goes on after its first bytes were looked at. */
interface Peeked {
  /** Fewer than were asked for only where the stream is shorter. */
  readonly head: Uint8Array;
  readonly stream: ReadableStream<Uint8Array>;
}

/** Looks at a stream's first bytes, however it is cut into blocks. */
export async function peek(stream: ReadableStream<Uint8Array>, count: number): Promise<Peeked> {
  const reader = stream.getReader();
  const blocks: Uint8Array[] = [];
  let length = 0;
  while (length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    blocks.push(value);
    length += value.length;
  }
  const head = new Uint8Array(Math.min(length, count));
  let at = 0;
  for (const block of blocks) {
    head.set(block.subarray(0, head.length - at), at);
    at = Math.min(head.length, at + block.length);
  }
  return {
    head,
    stream: new ReadableStream<Uint8Array>({
      async pull(controller) {
        const block = blocks.shift();
        if (block) {
          controller.enqueue(block);
          return;
        }
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    }),
  };
}

/** The same stream, whose errors are put in words. */
function saying(
  stream: ReadableStream<Uint8Array>,
  words: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(words(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/**
 * A file's content, unpacked if it is packed by gzip: told by its first bytes, since some servers unpack a .gz on the
 * way.
 * @param name stands in the problem's sentence
 * @throws UserError from the stream when it is cut off or broken, or grows past all measure
 */
export async function unpacked(
  stream: ReadableStream<Uint8Array>,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const { head, stream: whole } = await peek(stream, 2);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return whole;
  return saying(gunzipStream(whole, name), (error) =>
    error instanceof UserError || isCancelled(error)
      ? error
      : new UserError('could not be unpacked; it is cut off or no gzip. Try again, or choose another file.', {
          file: name,
        }),
  );
}
