import { UserError } from '../../../base/userError.ts';
import { decodeTensor } from '../../formats/safetensors.ts';
import type { ModelFiles } from '../types.ts';
import { Graph } from './graph.ts';
import type { ScannedModel } from './scan.ts';
import { floatTypes, readStored, type StoredTensor } from './tensor.ts';

/** Operators behind which token ids are the same ids. */
const sameIds = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);
/** Where an operator that looks up rows has its ids and its matrix. */
const lookups: Readonly<Record<string, { readonly ids: number; readonly matrix: number }>> = {
  Gather: { ids: 1, matrix: 0 },
  EmbedLayerNormalization: { ids: 0, matrix: 2 },
};
/** Operators that a matrix of weights passes on its way to where it is read. */
const sameMatrix = new Set(['Cast', 'Identity']);
const int8 = 3;
const uint8 = 2;

interface Reading {
  readonly model: ScannedModel;
  readonly files: ModelFiles;
  /** The graph's file. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

/** Names of a matrix and, where it is quantised, of its scale and zero point. */
interface Found {
  readonly matrix: string;
  readonly scale?: string;
  readonly zeroPoint?: string;
}

/**
 * The matrix whose rows a graph looks up by token id, as float32. Found by what the ids gather from, whatever the
 * exporter calls it.
 * @throws UserError naming the file where there is none, or it is of a type that the lab does not read
 */
export async function readOnnxEmbeddings(
  model: ScannedModel,
  files: ModelFiles,
  path: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<{ rows: number; columns: number; data: Float32Array<ArrayBuffer> }> {
  const reading: Reading = { model, files, path, signal };
  const file = `${files.source}/${path}`;
  const found = findMatrix(model);
  const stored = found && (await tensorNamed(reading, found.matrix));
  if (!found || stored?.shape.length !== 2) {
    throw new UserError(
      'has no matrix of weights that token ids gather rows from, as 4-bit exports have none; use another dtype.',
      { file },
    );
  }
  const [rows = 0, columns = 0] = stored.shape;
  const dtype = floatTypes[stored.type];
  if (dtype !== undefined) {
    const entry = { dtype, shape: stored.shape, begin: 0, end: stored.values.length };
    return { rows, columns, data: decodeTensor(stored.values, entry, stored.name, file).data };
  }
  const scale = found.scale === undefined ? null : await tensorNamed(reading, found.scale);
  const scaleType = floatTypes[scale?.type ?? 0];
  if ((stored.type !== int8 && stored.type !== uint8) || !scale || scaleType === undefined) {
    throw new UserError(
      `has its token embeddings as ONNX type ${stored.type}, which the lab does not read; use another dtype.`,
      { file, field: stored.name },
    );
  }
  const entry = { dtype: scaleType, shape: scale.shape, begin: 0, end: scale.values.length };
  const scales = decodeTensor(scale.values, entry, scale.name, file).data;
  const zero = found.zeroPoint === undefined ? null : await tensorNamed(reading, found.zeroPoint);
  return { rows, columns, data: dequantised(stored, scales, zero && whole(zero)) };
}

/** The matrix that token ids gather from, followed from the ids. */
function findMatrix(model: ScannedModel): Found | null {
  const graph = new Graph(model);
  const makers = new Map(
    model.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  const waiting = model.inputs.map(({ name }) => name).filter((name) => /input_?ids/i.test(name));
  for (let ids = waiting.shift(); ids !== undefined; ids = waiting.shift()) {
    for (const reader of graph.readers(ids)) {
      const { opType, inputs, outputs } = graph.nodes[reader]!;
      if (sameIds.has(opType) && inputs[0] === ids) waiting.push(...outputs);
      const lookup = lookups[opType];
      const matrix = lookup && inputs[lookup.matrix];
      if (!lookup || matrix === undefined || inputs[lookup.ids] !== ids || graph.computed(matrix)) continue;
      const dequantiser = graph
        .readers(outputs[0]!)
        .map((index) => graph.nodes[index]!)
        .find((node) => node.opType === 'DequantizeLinear');
      return { ...quantisedBy(dequantiser?.inputs), ...traced(matrix, makers) };
    }
  }
  return null;
}

function quantisedBy(inputs: readonly string[] | undefined): Omit<Found, 'matrix'> {
  const [, scale, zeroPoint] = inputs ?? [];
  return { ...(scale ? { scale } : {}), ...(zeroPoint ? { zeroPoint } : {}) };
}

/** An initialiser, followed back from where it is read. */
function traced(name: string, makers: ReadonlyMap<string, ScannedModel['nodes'][number]>): Found {
  const maker = makers.get(name);
  const [before] = maker?.inputs ?? [];
  if (maker === undefined || before === undefined) return { matrix: name };
  if (maker.opType === 'DequantizeLinear') return { ...quantisedBy(maker.inputs), matrix: before };
  return sameMatrix.has(maker.opType) ? traced(before, makers) : { matrix: name };
}

async function tensorNamed(
  { model, files, path, signal }: Reading,
  name: string,
): Promise<StoredTensor | null> {
  const at = model.initializers.find((one) => one.name === name);
  if (!at) return null;
  return await readStored(files, path, model, at, signal);
}

function whole({ type, values }: StoredTensor): Int8Array | Uint8Array {
  return type === int8 ? new Int8Array(values.slice().buffer) : values;
}

/** (q - zero point) · scale, one pair for the whole matrix, a row or a column. */
function dequantised(
  stored: StoredTensor,
  scales: Float32Array,
  zeros: Int8Array | Uint8Array | null,
): Float32Array<ArrayBuffer> {
  const [rows = 0, columns = 0] = stored.shape;
  const values = whole(stored);
  const data = new Float32Array(rows * columns);
  const perRow = scales.length === rows && scales.length > 1;
  const perColumn = !perRow && scales.length === columns && scales.length > 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const of = perRow ? row : perColumn ? column : 0;
      const at = row * columns + column;
      data[at] = (values[at]! - (zeros?.[of] ?? 0)) * scales[of]!;
    }
  }
  return data;
}
