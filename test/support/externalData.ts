import { weightsApart } from '../../src/lab/models/onnx/weightsApart.ts';

/** An ONNX model whose large initialisers lie in a second file, as exporters write one above 2 GB. */
export function withExternalData(
  model: Uint8Array<ArrayBuffer>,
  location: string,
): { readonly graph: Uint8Array<ArrayBuffer>; readonly data: Uint8Array<ArrayBuffer> } {
  return { graph: weightsApart(model, location), data: model };
}
