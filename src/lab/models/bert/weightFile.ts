import type { ParameterShape } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import {
  decodeTensor,
  headerLength,
  type NamedTensor,
  readSafetensorsHeader,
} from '../../formats/safetensors.ts';
import { scanModel } from '../onnx/scan.ts';
import type { ModelFiles } from '../types.ts';
import { readOnnxWeights } from './onnxWeights.ts';
import { encoderName } from './parameterName.ts';

const safetensors = 'model.safetensors';
/** Of the kinds that hold every weight as it was trained. */
const onnxFiles = ['onnx/model.onnx', 'model.onnx', 'onnx/model_fp16.onnx'];
/** Bytes of a first request that mostly hold the whole header. */
const firstRead = 2 ** 16;
/** Bytes worth reading in vain to save a request. */
const gapRead = 2 ** 16;

export type Weights = Map<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
>;

/**
 * Reads some of a model's parameters: from model.safetensors by byte ranges, only what is asked for; where
 * there is none, from the initialisers of the ONNX file.
 * @param wanted names without a model prefix
 * @throws UserError naming the file, and the parameter that is missing or of another shape
 */
export async function readWeights(
  files: ModelFiles,
  wanted: readonly ParameterShape[],
  signal?: AbortSignal,
): Promise<Weights> {
  if (await files.has(safetensors))
    return checked(await fromSafetensors(files, wanted, signal), wanted, files, safetensors);
  for (const path of onnxFiles) {
    if (!(await files.has(path))) continue;
    const file = `${files.source}/${path}`;
    const model = scanModel(await files.bytes(path, { signal }), file);
    return checked(readOnnxWeights(model, wanted, file), wanted, files, path);
  }
  throw new UserError(
    `has no weights that the lab reads: looked for ${[safetensors, ...onnxFiles].join(', ')}; convert the model to safetensors.`,
    { file: files.source },
  );
}

function checked(
  found: ReadonlyMap<string, NamedTensor>,
  wanted: readonly ParameterShape[],
  files: ModelFiles,
  path: string,
): Weights {
  const file = `${files.source}/${path}`;
  const weights: Weights = new Map();
  for (const { name, shape } of wanted) {
    const tensor = found.get(name);
    if (!tensor) {
      throw new UserError(
        'is not in the file under any name that the lab knows (with "bert." before it or without); use the unquantised file of a BERT encoder.',
        { file, field: name },
      );
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new UserError(
        `has the shape [${tensor.shape.join(', ')}] where config.json says [${shape.join(', ')}]; use files that belong together.`,
        { file, field: name },
      );
    }
    weights.set(name, { shape, data: tensor.data });
  }
  return weights;
}

async function fromSafetensors(
  files: ModelFiles,
  wanted: readonly ParameterShape[],
  signal?: AbortSignal,
): Promise<Map<string, NamedTensor>> {
  const file = `${files.source}/${safetensors}`;
  const read = (begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    files.bytes(safetensors, { range: [begin, end], signal });
  let head = await read(0, firstRead);
  const whole = head.length < 8 ? 0 : 8 + headerLength(head);
  if (whole > head.length) head = await read(0, whole);
  const { tensors } = readSafetensorsHeader(head, file);
  const names = new Set(wanted.map(({ name }) => name));
  const entries = [...tensors]
    .map(([name, entry]) => ({ name: encoderName(name), entry }))
    .filter((one): one is typeof one & { name: string } => one.name !== null && names.has(one.name))
    .sort((a, b) => a.entry.begin - b.entry.begin);
  const found = new Map<string, NamedTensor>();
  for (let first = 0; first < entries.length; ) {
    let last = first;
    while (last + 1 < entries.length && entries[last + 1]!.entry.begin - entries[last]!.entry.end <= gapRead)
      last++;
    const { begin } = entries[first]!.entry;
    const { end } = entries[last]!.entry;
    const bytes = await read(begin, end);
    if (bytes.length < end - begin) throw new UserError('is cut off; download or save it again.', { file });
    for (const { name, entry } of entries.slice(first, last + 1)) {
      found.set(
        name,
        decodeTensor(bytes.subarray(entry.begin - begin, entry.end - begin), entry, name, file),
      );
    }
    first = last + 1;
  }
  return found;
}
