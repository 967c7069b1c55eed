import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../src/base/userError.ts';
import { halvesToFloats } from '../../src/lab/formats/half.ts';
import { npyHeaderBytes, readNpyHeader } from '../../src/lab/formats/npy.ts';

/** Rows of vectors that lie in a .npy file, float32 or float16, of which a block is in memory at a time. */
export interface VectorFile {
  readonly rows: number;
  readonly width: number;
  /** @param most rows a block. The vectors of a block are in memory that the next one overwrites. */
  blocks(most: number): Generator<{ readonly from: number; readonly vectors: Float32Array<ArrayBuffer> }>;
  close(): void;
}

/** @throws UserError for a file that is none, is cut off, or does not hold rows */
export function openVectorFile(path: string): VectorFile {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(npyHeaderBytes);
    const { shape, type, start } = readNpyHeader(
      head.subarray(0, readSync(file, head, 0, head.length, 0)),
      path,
    );
    const [rows, width] = shape;
    if (shape.length !== 2 || rows === undefined || width === undefined) {
      throw new UserError(
        `has the shape (${shape.join(', ')}); vectors are rows of one width, as (1000, 384).`,
        { file: path },
      );
    }
    const size = type === '<f4' ? 4 : 2;
    if (fstatSync(file).size < start + size * rows * width) {
      throw new UserError('is cut off; save it again.', { file: path });
    }
    return {
      rows,
      width,
      *blocks(most) {
        const floats = new Float32Array(Math.min(most, rows) * width);
        const bytes = type === '<f4' ? new Uint8Array(floats.buffer) : new Uint8Array(floats.length * size);
        for (let from = 0; from < rows; from += most) {
          const count = Math.min(most, rows - from) * width;
          readAll(file, bytes.subarray(0, count * size), start + from * width * size);
          const vectors = floats.subarray(0, count);
          if (type === '<f2') halvesToFloats(new Uint16Array(bytes.buffer, 0, count), vectors);
          yield { from, vectors };
        }
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** A read may give fewer bytes than were asked for. */
function readAll(file: number, into: Uint8Array, from: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(file, into, done, into.length - done, from + done);
    if (read === 0) throw new Error('The file became shorter while it was read.');
    done += read;
  }
}
