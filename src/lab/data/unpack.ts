import { isCancelled, UserError } from '../../base/userError.ts';

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
 * @throws UserError from the stream when it is cut off or broken
 */
export async function unpacked(
  stream: ReadableStream<Uint8Array>,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const reader = stream.getReader();
  const first = await reader.read();
  const rest = new ReadableStream<Uint8Array>({
    start(controller) {
      if (first.value) controller.enqueue(first.value);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  if (first.value?.[0] !== 0x1f || first.value[1] !== 0x8b) return rest;
  const gunzip = new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>;
  return saying(rest.pipeThrough(gunzip), (error) =>
    error instanceof UserError || isCancelled(error)
      ? error
      : new UserError('could not be unpacked; it is cut off or no gzip. Try again, or choose another file.', {
          file: name,
        }),
  );
}
