import type { ParameterShape } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import { decodeTensor, type NamedTensor } from '../../formats/safetensors.ts';
import type { ScannedInitializer, ScannedModel } from '../onnx/scan.ts';
import { floatTypes, readTensor } from '../onnx/tensor.ts';
import { encoderName } from './parameterName.ts';

/**
 * Parameters from an ONNX file. Most initialisers keep the model's names; the matrix of a linear layer is
 * found at the product that is named after it, and is turned back to [out, in].
 * @returns those of `wanted` that are there
 * @throws UserError where the values lie in another file or are of a type that cannot be read
 */
export function readOnnxWeights(
  model: ScannedModel,
  wanted: readonly ParameterShape[],
  file: string,
): Map<string, NamedTensor> {
  const initializers = new Map(model.initializers.map((one) => [one.name, one]));
  // An exporter writes equal values once, and an Identity for each of their names.
  const aliases = new Map(
    model.nodes
      .filter(({ opType }) => opType === 'Identity')
      .map(({ inputs, outputs }) => [outputs[0], inputs[0]]),
  );
  const byName = new Map<string, string>();
  for (const name of [...initializers.keys(), ...aliases.keys()]) {
    const own = name === undefined ? null : encoderName(name);
    if (name !== undefined && own !== null) byName.set(own, name);
  }
  const resolve = (name: string | undefined): ScannedInitializer | undefined => {
    let at = name;
    for (let next = aliases.get(at); next !== undefined; next = aliases.get(at)) at = next;
    return at === undefined ? undefined : initializers.get(at);
  };
  const found = new Map<string, NamedTensor>();
  for (const { name } of wanted) {
    const own = resolve(byName.get(name));
    if (own) {
      found.set(name, tensorOf(model.bytes, own, file));
      continue;
    }
    const product = productOf(name);
    const node = product && model.nodes.find((one) => one.opType === 'MatMul' && one.name.endsWith(product));
    const matrix = node ? resolve(node.inputs[1]) : undefined;
    if (matrix) found.set(name, transposed(tensorOf(model.bytes, matrix, file)));
  }
  return found;
}

/** `encoder.layer.0.output.dense.weight` is the right side of `/encoder/layer.0/output/dense/MatMul`. */
function productOf(name: string): string | null {
  const stem = /^(.+)\.weight$/.exec(name)?.[1];
  return stem ? `/${stem.replaceAll('.', '/').replace(/\/layer\/(\d+)\//, '/layer.$1/')}/MatMul` : null;
}

function tensorOf(bytes: Uint8Array<ArrayBuffer>, at: ScannedInitializer, file: string): NamedTensor {
  const place = { file, field: at.name };
  if (at.external !== null) {
    throw new UserError(
      'lies in a second file, which the lab does not read; use a model with model.safetensors.',
      place,
    );
  }
  const { type, shape, values } = readTensor(bytes, at, file);
  const dtype = floatTypes[type];
  if (dtype === undefined) {
    throw new UserError(
      `is of the ONNX type ${type}, which no weights can be read from; use an unquantised file.`,
      place,
    );
  }
  return decodeTensor(values, { dtype, shape, begin: 0, end: values.length }, at.name, file);
}

/** @param tensor [rows, columns] */
function transposed({ dtype, shape, data }: NamedTensor): NamedTensor {
  const [rows = 0, columns = 0] = shape;
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return { dtype, shape: [columns, rows], data: out };
}
