import { UserError } from '../../../base/userError.ts';
import { besideGraph } from '../external.ts';
import type { ModelFiles } from '../types.ts';
import { fieldsOf, numberOf, numbersOf, stringOf } from './protobuf.ts';
import { type ScannedInitializer, type ScannedModel, tensorField } from './scan.ts';

/** `TensorProto.float_data`, for files that hold values one by one. */
const floatDataField = 4;
/** `TensorProto.int32_data`, which holds integers and halves of up to 16 bits one by one. */
const int32DataField = 5;
/** Bytes of a value of such types: uint8, int8, uint16, int16, float16, bfloat16. */
const narrowTypes: Readonly<Record<number, 1 | 2>> = { 2: 1, 3: 1, 4: 2, 5: 2, 10: 2, 16: 2 };
/** `TensorProto.DataType` of real numbers, as safetensors calls it. */
export const floatTypes: Readonly<Record<number, string>> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' };

/** Where an initialiser's values lie in a file beside the graph; a length of null reaches to its end. */
export interface ExternalRange {
  readonly location: string;
  readonly offset: number;
  readonly length: number | null;
}

/** An initialiser as its file holds it. */
export interface StoredTensor {
  readonly name: string;
  /** `TensorProto.DataType`. */
  readonly type: number;
  readonly shape: readonly number[];
  /** Little-endian values; empty where they lie elsewhere. */
  readonly values: Uint8Array<ArrayBuffer>;
  readonly external: ExternalRange | null;
}

/** @throws UserError naming the file where the graph says wrongly where the values are */
export function readTensor(
  bytes: Uint8Array<ArrayBuffer>,
  at: ScannedInitializer,
  file: string,
): StoredTensor {
  const [whole] = fieldsOf(bytes, at.start, at.end);
  const shape: number[] = [];
  const place = new Map<string, string>();
  let type = 0;
  let values: Uint8Array<ArrayBuffer> = new Uint8Array();
  const numbers: number[] = [];
  for (const field of fieldsOf(bytes, whole!.payload, whole!.end)) {
    if (field.number === tensorField.dataType) type = numberOf(bytes, field);
    else if (field.number === tensorField.dims) shape.push(...numbersOf(bytes, field));
    else if (field.number === tensorField.rawData || (field.number === floatDataField && field.wire === 2)) {
      values = bytes.subarray(field.payload, field.end);
    } else if (field.number === int32DataField) {
      // A single one stands without a length, behind the field's tag.
      numbers.push(...lowBits(bytes.subarray(field.payload, field.end)));
    } else if (field.number === tensorField.externalData) {
      const parts = [...fieldsOf(bytes, field.payload, field.end)];
      const [key = '', value = ''] = [1, 2].map((number) => {
        const part = parts.find((one) => one.number === number);
        return part ? stringOf(bytes, part) : '';
      });
      place.set(key, value);
    }
  }
  if (values.length === 0 && numbers.length > 0) values = narrow(numbers, type);
  if (at.external === null) return { name: at.name, type, shape, values, external: null };
  const offset = Number(place.get('offset') ?? 0);
  const length = place.has('length') ? Number(place.get('length')) : null;
  if (![offset, length ?? 0].every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw new UserError('does not say where in the second file its values are; export the model again.', {
      file,
      field: at.name,
    });
  }
  return { name: at.name, type, shape, values, external: { location: at.external, offset, length } };
}

/** An initialiser of the graph at `path` with its values, be they in the graph or in a file beside it. */
export async function readStored(
  files: ModelFiles,
  path: string,
  model: ScannedModel,
  at: ScannedInitializer,
  signal?: AbortSignal,
): Promise<StoredTensor> {
  const tensor = readTensor(model.bytes, at, `${files.source}/${path}`);
  if (tensor.external === null) return tensor;
  const { location, offset, length } = tensor.external;
  const end = length === null ? Number.MAX_SAFE_INTEGER : offset + length;
  const values = await files.bytes(besideGraph(path, location), { range: [offset, end], signal });
  return { ...tensor, values };
}

/** The low 21 bits of packed varints: of a negative number, which takes ten bytes, its last ones as they are. */
function lowBits(packed: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const byte of packed) {
    if (shift < 21) value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function narrow(numbers: readonly number[], type: number): Uint8Array<ArrayBuffer> {
  if (narrowTypes[type] === 1) return Uint8Array.from(numbers);
  if (narrowTypes[type] === 2) return new Uint8Array(Uint16Array.from(numbers).buffer);
  return new Uint8Array();
}
