import { fieldsOf, MessageWriter } from './protobuf.ts';
import { graphField, modelField, tensorField } from './scan.ts';

/** `TensorProto.data_location`, of which 1 says that the values lie elsewhere. */
const dataLocation = { field: 14, external: 1 } as const;
/** Smaller ones stay, as exporters leave them: shapes are read before any data is. */
const leastBytes = 1024;

/**
 * The graph of a model without its large weights, which it names as parts of the model's own file.
 * @param model an ONNX file
 * @param location the name that the graph has for that file
 */
export function weightsApart(model: Uint8Array<ArrayBuffer>, location: string): Uint8Array<ArrayBuffer> {
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
      const place = { location, offset: `${raw.payload}`, length: `${raw.end - raw.payload}` };
      for (const [key, value] of Object.entries(place)) {
        tensor.message(tensorField.externalData, entry(key, value));
      }
      graph.message(graphField.initializer, tensor.int(dataLocation.field, dataLocation.external));
    }
    outer.message(modelField.graph, graph);
  }
  return outer.finish();
}
