import { UserError } from '../../base/userError.ts';
import { halvesToFloats } from './half.ts';

/** Little-endian float32 and float16. */
export type NpyType = '<f4' | '<f2';

/**
 * Header of a version 1.0 .npy file in C order; the rows follow as they are.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyHeader(shape: readonly number[], type: NpyType = '<f4'): Uint8Array<ArrayBuffer> {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const out = new Uint8Array(length).fill(0x20);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, length - 10, true);
  out.set(new TextEncoder().encode(text), 10);
  out[length - 1] = 0x0a;
  return out;
}

/** Bytes that hold the header of most files. */
export const npyHeaderBytes = 4096;

/**
 * Reads a header out of a file's first bytes, {@link npyHeaderBytes} or all.
 * @returns `start` of the numbers in the file
 * @throws UserError for another type or order
 */
export function readNpyHeader(
  head: Uint8Array,
  file: string,
): { readonly shape: number[]; readonly type: NpyType; readonly start: number } {
  const magic = String.fromCharCode(...head.subarray(1, 6));
  if (head.length < 10 || head[0] !== 0x93 || magic !== 'NUMPY') {
    throw new UserError('is not a .npy file; save it with numpy.save.', { file });
  }
  const start = 10 + new DataView(head.buffer, head.byteOffset, head.byteLength).getUint16(8, true);
  const header = new TextDecoder('latin1').decode(head.subarray(10, start));
  const shape = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  const type = /'descr': '(<f[24])'/.exec(header)?.[1];
  if (type === undefined || !header.includes("'fortran_order': False") || shape === undefined) {
    throw new UserError(
      'does not hold float32 or float16 in C order; save it with numpy.save(file, array.astype("<f4")).',
      { file },
    );
  }
  const dims = shape.split(',').filter((part) => part.trim() !== '');
  return { shape: dims.map(Number), type: type as NpyType, start };
}

/** Reads a whole file. @throws UserError for any other type or order than float32 or float16 in C order */
export function readNpy(
  bytes: Uint8Array,
  file: string,
): { shape: number[]; data: Float32Array<ArrayBuffer> } {
  const { shape, type, start } = readNpyHeader(bytes, file);
  const count = shape.reduce((product, dim) => product * dim, 1);
  const size = type === '<f4' ? 4 : 2;
  if (bytes.length < start + size * count) throw new UserError('is cut off; save it again.', { file });
  // A copy of these bytes alone: they need not begin at a multiple of four, nor own their buffer.
  const { buffer } = new Uint8Array(bytes.subarray(start, start + size * count));
  return {
    shape,
    data: type === '<f4' ? new Float32Array(buffer) : halvesToFloats(new Uint16Array(buffer)),
  };
}
