import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import { halfToFloat } from './half.ts';

/** A tensor as a safetensors file holds it, its values as float32. */
export interface NamedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Where a tensor lies: [begin, end) counts from the file's first byte. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z.record(z.string(), z.unknown());

/** Length in bytes of the JSON header behind the first 8 bytes. */
export function headerLength(first8: Uint8Array): number {
  const view = new DataView(first8.buffer, first8.byteOffset, first8.byteLength);
  return Number(view.getBigUint64(0, true));
}

/**
 * Reads a header, so that single tensors can be fetched by byte range. The format:
 * https://huggingface.co/docs/safetensors/index#format
 * @param bytes at least the first 8 bytes and the header behind them
 * @throws UserError when the bytes are no safetensors file
 */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  file = 'model.safetensors',
): { tensors: Map<string, TensorEntry>; metadata: Readonly<Record<string, string>> } {
  const broken = (what: string): UserError =>
    new UserError(`is not a safetensors file (${what}); download or save it again.`, { file });
  if (bytes.length < 8) throw broken('fewer than 8 bytes');
  const length = headerLength(bytes);
  if (8 + length > bytes.length) throw broken('its header is cut off');
  let header: Record<string, unknown>;
  try {
    header = headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))));
  } catch {
    throw broken('its header is not JSON');
  }
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = z.record(z.string(), z.string()).parse(value);
      continue;
    }
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw broken(`the entry "${name}" is malformed`);
    const { dtype, shape, data_offsets } = entry.data;
    tensors.set(name, {
      dtype,
      shape,
      begin: 8 + length + data_offsets[0],
      end: 8 + length + data_offsets[1],
    });
  }
  return { tensors, metadata };
}

/**
 * Values of one tensor as float32.
 * @param bytes the tensor's bytes alone
 * @throws UserError for a dtype other than F32, F16, BF16, F64 and I64
 */
export function decodeTensor(
  bytes: Uint8Array,
  entry: TensorEntry,
  name: string,
  file = 'model.safetensors',
): NamedTensor {
  // A view must begin at a multiple of its element's size, which a file does not promise.
  const { buffer } = new Uint8Array(bytes);
  const { dtype, shape } = entry;
  const as = (data: Float32Array<ArrayBuffer>): NamedTensor => ({ dtype, shape, data });
  switch (dtype) {
    case 'F32':
      return as(new Float32Array(buffer));
    case 'F64':
      return as(Float32Array.from(new Float64Array(buffer)));
    case 'F16':
      return as(Float32Array.from(new Uint16Array(buffer), halfToFloat));
    case 'BF16': {
      const wide = Uint32Array.from(new Uint16Array(buffer), (value) => value << 16);
      return as(new Float32Array(wide.buffer));
    }
    case 'I64':
      return as(Float32Array.from(new BigInt64Array(buffer), Number));
    default:
      throw new UserError(`is of type ${dtype}, which the lab does not read; save it as F32, F16 or BF16.`, {
        file,
        field: name,
      });
  }
}

/** All tensors of a file. @throws UserError when it is not one, or is cut off */
export function readSafetensors(bytes: Uint8Array, file = 'model.safetensors'): Map<string, NamedTensor> {
  const { tensors } = readSafetensorsHeader(bytes, file);
  const read = new Map<string, NamedTensor>();
  for (const [name, entry] of tensors) {
    if (entry.end > bytes.length) {
      throw new UserError(`is cut off inside "${name}"; download or save it again.`, { file });
    }
    read.set(name, decodeTensor(bytes.subarray(entry.begin, entry.end), entry, name, file));
  }
  return read;
}

/** A tensor to write: float32, or the bits of float16. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array;
}

/** Writes tensors in the order given; the header is padded so that the data is aligned. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, WrittenTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let size = 0;
  for (const [name, { shape, data }] of tensors) {
    const dtype = data instanceof Float32Array ? 'F32' : 'F16';
    header[name] = { dtype, shape, data_offsets: [size, size + data.byteLength] };
    size += data.byteLength;
  }
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (new TextEncoder().encode(json).length % 8)) % 8);
  const head = new TextEncoder().encode(json);
  const out = new Uint8Array(8 + head.length + size);
  new DataView(out.buffer).setBigUint64(0, BigInt(head.length), true);
  out.set(head, 8);
  let at = 8 + head.length;
  for (const { data } of tensors.values()) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}
