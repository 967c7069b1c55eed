import type { ParameterShape } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import {
  decodeTensor,
  headerLength,
  type NamedTensor,
  readSafetensorsHeader,
} from '../../formats/safetensors.ts';
import { scanModel } from '../onnx/scan.ts';
import { readStored } from '../onnx/tensor.ts';
import type { ModelFiles } from '../types.ts';
import { readOnnxWeights } from './onnxWeights.ts';
import { safetensorsFile, safetensorsFiles } from './safetensorsFiles.ts';

/** Kinds of files that hold every weight as it was trained. */
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
 * Reads some of a model's parameters: from model.safetensors, or the files that it is split into, by byte
 * ranges, only what is asked for; where there is none, from the initialisers of the ONNX file.
 * @param wanted names without a model prefix
 * @throws UserError naming the file, and the parameter that is missing or of another shape
 */
export async function readWeights(
  files: ModelFiles,
  wanted: readonly ParameterShape[],
  signal?: AbortSignal,
): Promise<Weights> {
  const paths = await safetensorsFiles(files, signal);
  if (paths.length > 0) {
    const found = new Map<string, NamedTensor>();
    for (const path of paths) {
      for (const [name, tensor] of await fromSafetensors(files, path, wanted, signal))
        found.set(name, tensor);
    }
    return checked(found, wanted, files, paths.length === 1 ? paths[0]! : safetensorsFile);
  }
  for (const path of onnxFiles) {
    if (!(await files.has(path))) continue;
    const file = `${files.source}/${path}`;
    const model = scanModel(await files.bytes(path, { signal }), file);
    const found = await readOnnxWeights(model, wanted, file, (at) =>
      readStored(files, path, model, at, signal),
    );
    return checked(found, wanted, files, path);
  }
  throw new UserError(
    `has no weights that the lab reads: looked for ${[safetensorsFile, ...onnxFiles].join(', ')}; convert the model to safetensors.`,
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
        'is not in the file under any name that the lab knows (with "bert." before it or without); use the unquantised file of the encoder.',
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

/**
 * The wanted name that a stored one is, behind its model's prefix (`bert.`, `0.auto_model.`, none), LayerNorm's
 * parameters as PyTorch calls them; null where it is none.
 */
function wantedName(stored: string, wanted: ReadonlySet<string>): string | null {
  const parts = stored
    .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
    .replace(/LayerNorm\.beta$/, 'LayerNorm.bias')
    .split('.');
  for (let from = 0; from < parts.length; from++) {
    const name = parts.slice(from).join('.');
    if (wanted.has(name)) return name;
  }
  return null;
}

async function fromSafetensors(
  files: ModelFiles,
  path: string,
  wanted: readonly ParameterShape[],
  signal?: AbortSignal,
): Promise<Map<string, NamedTensor>> {
  const file = `${files.source}/${path}`;
  const read = (begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    files.bytes(path, { range: [begin, end], signal });
  let head = await read(0, firstRead);
  const whole = head.length < 8 ? 0 : 8 + headerLength(head);
  if (whole > head.length) head = await read(0, whole);
  const { tensors } = readSafetensorsHeader(head, file);
  const names = new Set(wanted.map(({ name }) => name));
  const entries = [...tensors]
    .map(([name, entry]) => ({ name: wantedName(name, names), entry }))
    .filter((one): one is typeof one & { name: string } => one.name !== null)
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
