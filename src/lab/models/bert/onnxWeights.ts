import type { ParameterShape } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import { decodeTensor, type NamedTensor } from '../../formats/safetensors.ts';
import type { ScannedInitializer, ScannedModel, ScannedNode } from '../onnx/scan.ts';
import { floatTypes, type StoredTensor } from '../onnx/tensor.ts';
import { encoderName } from './parameterName.ts';

/** An initialiser that holds a parameter. */
export interface FoundWeights {
  readonly initializer: ScannedInitializer;
  /** Whether it is the matrix of a product, [in, out], where the parameter is [out, in]. */
  readonly transposed: boolean;
}

/**
 * Where an ONNX file holds parameters. Most initialisers keep the model's names; the matrix of a linear layer is found at
 * the product that is named after it, or else at the one that its bias is added to.
 * @returns those of `wanted` that are there
 */
export function findOnnxWeights(
  model: ScannedModel,
  wanted: readonly ParameterShape[],
): Map<string, FoundWeights> {
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
  const found = new Map<string, FoundWeights>();
  const biased = productsByBias(model);
  for (const { name } of wanted) {
    const own = resolve(byName.get(name));
    if (own) {
      found.set(name, { initializer: own, transposed: false });
      continue;
    }
    const bias = byName.get(name.replace(/weight$/, 'bias'));
    const named = productOf(name);
    const product =
      (named && model.nodes.find((node) => node.opType === 'MatMul' && node.name.endsWith(named))) ??
      (bias === undefined ? undefined : biased.get(bias));
    const matrix = product ? resolve(product.inputs[1]) : undefined;
    if (matrix) found.set(name, { initializer: matrix, transposed: true });
  }
  return found;
}

/**
 * A parameter of its initialiser, as PyTorch has it.
 * @throws UserError where the values are of a type that cannot be read
 */
export function parameterOf({ transposed }: FoundWeights, stored: StoredTensor, file: string): NamedTensor {
  const tensor = decoded(stored, file);
  return transposed ? turned(tensor) : tensor;
}

/**
 * Parameters from an ONNX file.
 * @param read an initialiser with its values, wherever they lie
 * @returns those of `wanted` that are there
 * @throws UserError where the values are of a type that cannot be read
 */
export async function readOnnxWeights(
  model: ScannedModel,
  wanted: readonly ParameterShape[],
  file: string,
  read: (initializer: ScannedInitializer) => Promise<StoredTensor>,
): Promise<Map<string, NamedTensor>> {
  const parameters = new Map<string, NamedTensor>();
  for (const [name, found] of findOnnxWeights(model, wanted)) {
    parameters.set(name, parameterOf(found, await read(found.initializer), file));
  }
  return parameters;
}

/** Matrix products by the bias that is added to them, where it is added to no other. */
function productsByBias({ nodes }: ScannedModel): Map<string, ScannedNode> {
  const products = new Map(
    nodes.filter(({ opType }) => opType === 'MatMul').map((node) => [node.outputs[0], node]),
  );
  const found = new Map<string, ScannedNode>();
  const several = new Set<string>();
  for (const { opType, inputs } of nodes) {
    if (opType !== 'Add') continue;
    for (const [at, input] of inputs.entries()) {
      const product = products.get(inputs[1 - at]);
      if (!product) continue;
      if (found.has(input)) several.add(input);
      found.set(input, product);
    }
  }
  for (const name of several) found.delete(name);
  return found;
}

/** `encoder.layer.0.output.dense.weight` is the right side of `/encoder/layer.0/output/dense/MatMul`. */
function productOf(name: string): string | null {
  const stem = /^(.+)\.weight$/.exec(name)?.[1];
  return stem ? `/${stem.replaceAll('.', '/').replace(/\/layer\/(\d+)\//, '/layer.$1/')}/MatMul` : null;
}

function decoded({ name, type, shape, values }: StoredTensor, file: string): NamedTensor {
  const dtype = floatTypes[type];
  if (dtype === undefined) {
    throw new UserError(
      `is of the ONNX type ${type}, which no weights can be read from; use an unquantised file.`,
      { file, field: name },
    );
  }
  return decodeTensor(values, { dtype, shape, begin: 0, end: values.length }, name, file);
}

/** @param tensor [rows, columns] */
function turned({ dtype, shape, data }: NamedTensor): NamedTensor {
  const [rows = 0, columns = 0] = shape;
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return { dtype, shape: [columns, rows], data: out };
}
