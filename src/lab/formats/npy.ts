import { UserError } from '../../base/userError.ts';

/**
 * Header of a version 1.0 .npy file of little-endian float32 in C order; the rows follow as they are.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyHeader(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const out = new Uint8Array(length).fill(0x20);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, length - 10, true);
  out.set(new TextEncoder().encode(text), 10);
  out[length - 1] = 0x0a;
  return out;
}

/** Reads what {@link npyHeader} begins. @throws UserError for any other type or order */
export function readNpy(
  bytes: Uint8Array,
  file: string,
): { shape: number[]; data: Float32Array<ArrayBuffer> } {
  const magic = String.fromCharCode(...bytes.subarray(1, 6));
  if (bytes.length < 10 || bytes[0] !== 0x93 || magic !== 'NUMPY') {
    throw new UserError('is not a .npy file; save it with numpy.save.', { file });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, start));
  const shape = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False") || shape === undefined) {
    throw new UserError(
      'does not hold float32 in C order; save it with numpy.save(file, array.astype("<f4")).',
      {
        file,
      },
    );
  }
  const dims = shape
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (bytes.length < start + 4 * count) throw new UserError('is cut off; save it again.', { file });
  // A copy of these bytes alone: they need not begin at a multiple of four, nor own their buffer.
  return {
    shape: dims,
    data: new Float32Array(new Uint8Array(bytes.subarray(start, start + 4 * count)).buffer),
  };
}
