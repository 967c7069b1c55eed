import { fieldsOf, MessageWriter } from '../../src/lab/models/onnx/protobuf.ts';
import { graphField, modelField, tensorField } from '../../src/lab/models/onnx/scan.ts';

/** `TensorProto.data_location`, of which 1 says that the values lie elsewhere. */
const dataLocation = { field: 14, external: 1 } as const;
/** Smaller ones stay, as exporters leave them: shapes are read before any data is. */
const leastBytes = 1024;

/** An ONNX model whose large initialisers lie in a second file, as exporters write one above 2 GB. */
export function withExternalData(
  model: Uint8Array<ArrayBuffer>,
  location: string,
): { readonly graph: Uint8Array<ArrayBuffer>; readonly data: Uint8Array<ArrayBuffer> } {
  const data: Uint8Array[] = [];
  let at = 0;
  const entry = (key: string, value: string): MessageWriter =>
    new MessageWriter().string(1, key).string(2, value);
  const outer = new MessageWriter();
  for (const part of fieldsOf(model)) {
    if (part.number !== modelField.graph) {
      outer.raw(model.subarray(part.start, part.end));
      continue;
    }
    const graph = new MessageWriter();
    for (const field of fieldsOf(model, part.payload, part.end)) {
      const inner =
        field.number === graphField.initializer ? [...fieldsOf(model, field.payload, field.end)] : [];
      const raw = inner.find(({ number }) => number === tensorField.rawData);
      if (!raw || raw.end - raw.payload < leastBytes) {
        graph.raw(model.subarray(field.start, field.end));
        continue;
      }
      const tensor = new MessageWriter();
      for (const one of inner) if (one !== raw) tensor.raw(model.subarray(one.start, one.end));
      const values = model.subarray(raw.payload, raw.end);
      for (const [key, value] of Object.entries({ location, offset: `${at}`, length: `${values.length}` })) {
        tensor.message(tensorField.externalData, entry(key, value));
      }
      graph.message(graphField.initializer, tensor.int(dataLocation.field, dataLocation.external));
      data.push(values);
      at += values.length;
    }
    outer.message(modelField.graph, graph);
  }
  const joined = new Uint8Array(at);
  let to = 0;
  for (const values of data) {
    joined.set(values, to);
    to += values.length;
  }
  return { graph: outer.finish(), data: joined };
}
