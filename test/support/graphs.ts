import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelFiles, TokenBatch } from '../../src/lab/models/types.ts';
import { referenceTensors, storedBatch, type Tensors } from './reference.ts';

const folder = fileURLToPath(new URL('../reference/graphs/', import.meta.url));

/** The model `family` of test/reference/graphs with the graph `form`, in the hub's layout. */
export function graphModel(family: string, form = family): ModelFiles {
  const path = (name: string): string =>
    folder +
    (name === 'config.json'
      ? `${family}.json`
      : name === 'onnx/model.onnx'
        ? `${form}.onnx`
        : name.replace('onnx/', ''));
  return {
    source: `test:${form}`,
    has: (name) => Promise.resolve(existsSync(path(name))),
    text: (name) => Promise.resolve(readFileSync(path(name), 'utf8')),
    bytes: (name, { range } = {}) =>
      Promise.resolve(new Uint8Array(readFileSync(path(name))).slice(range?.[0], range?.[1])),
  };
}

export function graphTensors(family: string): Tensors {
  return referenceTensors(`graphs/${family}.safetensors`);
}

/** Both rows of the family's batch. */
export function graphBatch(family: string): TokenBatch {
  return storedBatch(graphTensors(family), [0, 1]);
}

/** The states of the tokens that are no padding, of (rows, tokens, size). */
export function unpadded(states: Float32Array, batch: TokenBatch): Float32Array {
  const size = states.length / batch.rows / batch.tokens;
  return Float32Array.from(
    [...batch.attentionMask].flatMap((one, token) =>
      one === 1n ? [...states.subarray(token * size, (token + 1) * size)] : [],
    ),
  );
}

/** Layer `index` of (rows, layers, ...). */
export function layerOf(
  values: Float32Array,
  index: number,
  layers: number,
  { rows }: TokenBatch,
): Float32Array {
  const size = values.length / rows / layers;
  const out = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const from = (row * layers + index) * size;
    out.set(values.subarray(from, from + size), row * size);
  }
  return out;
}
