import { UserError } from '../../../base/userError.ts';
import { type Field, fieldsOf, numberOf, numbersOf, stringOf } from './protobuf.ts';

/** Field numbers of onnx.proto3, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
export const modelField = { graph: 7, opset: 8, functions: 25 } as const;
export const graphField = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
} as const;
export const nodeField = {
  input: 1,
  output: 2,
  name: 3,
  opType: 4,
  attribute: 5,
  domain: 7,
  overload: 8,
} as const;
export const tensorField = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13 } as const;
const attributeGraphField = 6;

/** Element types of weights, quantised ones included: float, uint8, int8, float16, bfloat16. */
const weightTypes = new Set([1, 2, 3, 10, 16]);

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ScannedNode extends ByteRange {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names that sub-graphs of the node read from outside. */
  readonly captured: readonly string[];
}

export interface ScannedName extends ByteRange {
  readonly name: string;
}

/** What a graph takes or gives. */
export interface ScannedValue extends ScannedName {
  /** `TensorProto.DataType`; 0 where it is not told, or is no tensor. */
  readonly type: number;
  /** Lengths of the axes, null where they are free; null as a whole where the graph does not tell. */
  readonly dims: readonly (number | null)[] | null;
}

export interface ScannedInitializer extends ScannedName {
  /** The file that holds the values, as the graph names it; null where they lie in the graph. */
  readonly external: string | null;
  /** Weights that it holds: its numbers, but none where they are indices or shapes. */
  readonly weights: number;
}

/** Where everything of a model lies in its file; the weights are passed over, not read. */
export interface ScannedModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly nodes: readonly ScannedNode[];
  readonly inputs: readonly ScannedValue[];
  readonly outputs: readonly ScannedValue[];
  readonly initializers: readonly ScannedInitializer[];
  readonly valueInfo: readonly ByteRange[];
  /** Other fields of the graph. */
  readonly graphRest: readonly ByteRange[];
  /** Functions of the model, which nodes of it call as if they were operators. */
  readonly functions: readonly Field[];
  /** Fields of the model but its graph and its functions. */
  readonly modelRest: readonly ByteRange[];
  /** Version of the default operator set. */
  readonly opset: number;
}

function nameIn(bytes: Uint8Array, field: Field, number: number): string {
  for (const inner of fieldsOf(bytes, field.payload, field.end)) {
    if (inner.number === number) return stringOf(bytes, inner);
  }
  return '';
}

function scanNode(bytes: Uint8Array, field: Field): ScannedNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const captured: string[] = [];
  let name = '';
  let opType = '';
  for (const inner of fieldsOf(bytes, field.payload, field.end)) {
    if (inner.number === nodeField.input) inputs.push(stringOf(bytes, inner));
    else if (inner.number === nodeField.output) outputs.push(stringOf(bytes, inner));
    else if (inner.number === nodeField.name) name = stringOf(bytes, inner);
    else if (inner.number === nodeField.opType) opType = stringOf(bytes, inner);
    else if (inner.number === nodeField.attribute) {
      for (const part of fieldsOf(bytes, inner.payload, inner.end)) {
        if (part.number === attributeGraphField && part.wire === 2) captured.push(...readsOf(bytes, part));
      }
    }
  }
  return { start: field.start, end: field.end, name, opType, inputs, outputs, captured };
}

/** `ValueInfoProto`: name, type.tensor_type.{elem_type, shape.dim[].dim_value}. */
function scanValue(bytes: Uint8Array, field: Field): ScannedValue {
  const within = (outer: Field | undefined, number: number): Field[] =>
    outer ? [...fieldsOf(bytes, outer.payload, outer.end)].filter((one) => one.number === number) : [];
  const [tensor] = within(within(field, 2)[0], 1);
  const [type] = within(tensor, 1);
  const [shape] = within(tensor, 2);
  return {
    start: field.start,
    end: field.end,
    name: nameIn(bytes, field, 1),
    type: type ? numberOf(bytes, type) : 0,
    dims: shape
      ? within(shape, 1).map((dim) => {
          const [length] = within(dim, 1);
          return length ? numberOf(bytes, length) : null;
        })
      : null,
  };
}

/** The file name, where an entry of `external_data` is that. */
function locationIn(bytes: Uint8Array, entry: Field): string | null {
  const parts = [...fieldsOf(bytes, entry.payload, entry.end)];
  const of = (number: number): string => {
    const part = parts.find((one) => one.number === number);
    return part ? stringOf(bytes, part) : '';
  };
  return of(1) === 'location' ? of(2) : null;
}

/** Every name that the nodes of a sub-graph read; those it makes itself do no harm in the list. */
function readsOf(bytes: Uint8Array, graph: Field): string[] {
  const names: string[] = [];
  for (const field of fieldsOf(bytes, graph.payload, graph.end)) {
    if (field.number === graphField.node) {
      const node = scanNode(bytes, field);
      names.push(...node.inputs, ...node.captured);
    } else if (field.number === graphField.output) names.push(nameIn(bytes, field, 1));
  }
  return names;
}

/**
 * Reads where the parts of an ONNX model lie.
 * @throws UserError when the bytes are not an ONNX model.
 */
export function scanModel(bytes: Uint8Array<ArrayBuffer>, file: string): ScannedModel {
  const nodes: ScannedNode[] = [];
  const inputs: ScannedValue[] = [];
  const outputs: ScannedValue[] = [];
  const initializers: ScannedInitializer[] = [];
  const valueInfo: ByteRange[] = [];
  const graphRest: ByteRange[] = [];
  const functions: Field[] = [];
  const modelRest: ByteRange[] = [];
  let opset = 0;
  try {
    for (const field of fieldsOf(bytes)) {
      if (field.number === modelField.functions) {
        functions.push(field);
        continue;
      }
      if (field.number !== modelField.graph) {
        modelRest.push(field);
        if (field.number === modelField.opset) {
          let domain = '';
          let version = 0;
          for (const part of fieldsOf(bytes, field.payload, field.end)) {
            if (part.number === 1) domain = stringOf(bytes, part);
            else if (part.number === 2) version = numberOf(bytes, part);
          }
          if (domain === '' || domain === 'ai.onnx') opset = version;
        }
        continue;
      }
      for (const part of fieldsOf(bytes, field.payload, field.end)) {
        const range = { start: part.start, end: part.end };
        if (part.number === graphField.node) nodes.push(scanNode(bytes, part));
        else if (part.number === graphField.input) inputs.push(scanValue(bytes, part));
        else if (part.number === graphField.output) outputs.push(scanValue(bytes, part));
        else if (part.number === graphField.valueInfo) valueInfo.push(range);
        else if (part.number === graphField.initializer) {
          let name = '';
          let external: string | null = null;
          let elements = 1;
          let type = 0;
          for (const inner of fieldsOf(bytes, part.payload, part.end)) {
            if (inner.number === tensorField.name) name = stringOf(bytes, inner);
            else if (inner.number === tensorField.externalData)
              external = locationIn(bytes, inner) ?? external ?? '';
            else if (inner.number === tensorField.dataType) type = numberOf(bytes, inner);
            else if (inner.number === tensorField.dims) {
              for (const size of numbersOf(bytes, inner)) elements *= size;
            }
          }
          initializers.push({ ...range, name, external, weights: weightTypes.has(type) ? elements : 0 });
        } else graphRest.push(range);
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      `is not an ONNX model, or is cut off (${error.message}); download or export it again.`,
      {
        file,
      },
    );
  }
  if (nodes.length === 0)
    throw new UserError('is not an ONNX model: it has no nodes; choose another file.', { file });
  return { bytes, nodes, inputs, outputs, initializers, valueInfo, graphRest, functions, modelRest, opset };
}
