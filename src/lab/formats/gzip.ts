import { UserError } from '../../base/userError.ts';

/**
 * Text shrinks to a tenth, rarely to a hundredth; what grows past {@link freeBytes} and more than so many times was
 * made to fill memory.
 */
export const mostGrowth = 200;
export const freeBytes = 64 * 2 ** 20;

/** Whether so many packed bytes may become so many. */
export function mayGrow(packed: number, unpacked: number): boolean {
  return unpacked <= freeBytes || unpacked <= mostGrowth * packed;
}

/** @throws UserError that says what the limit is */
export function tooGrown(file: string): UserError {
  return new UserError(
    `unpacks to more than ${mostGrowth} times its size, which no file of texts does; choose another file.`,
    { file },
  );
}

function counting(onBytes: (count: number) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(block, controller) {
      onBytes(block.length);
      controller.enqueue(block);
    },
  });
}

/** A gzip stream unpacked. @throws UserError from the stream when it grows past all measure */
export function gunzipStream(stream: ReadableStream<Uint8Array>, file: string): ReadableStream<Uint8Array> {
  let packed = 0;
  let grown = 0;
  const gunzip = new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>;
  const count = (bytes: number): void => {
    packed += bytes;
  };
  const check = (bytes: number): void => {
    grown += bytes;
    if (!mayGrow(packed, grown)) throw tooGrown(file);
  };
  return stream.pipeThrough(counting(count)).pipeThrough(gunzip).pipeThrough(counting(check));
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream() as ReadableStream<Uint8Array>;
}

async function gathered(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packing = new CompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>;
  return await gathered(streamOf(bytes).pipeThrough(packing));
}

/** @throws UserError that names the file when it is not gzip, is cut off, or grows past all measure */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await gathered(gunzipStream(streamOf(bytes), file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('is no gzip file, or was cut off; get it again.', { file });
  }
}
