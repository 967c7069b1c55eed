import type { Tensor } from 'onnxruntime-web';
import type { InputType, ModelInputs } from './modelInputs.ts';
import { poolWeightsInput } from './onnx/patch.ts';
import type { Runtime } from './runtime.ts';
import type { TokenBatch } from './types.ts';

/** The tensors that a graph takes, of a batch in the shape that it takes. */
export function feeds(
  runtime: Runtime,
  { inputs, firstPosition }: ModelInputs,
  batch: TokenBatch,
  pooled: boolean,
): Record<string, Tensor> {
  const shape = [batch.rows, batch.tokens];
  const values = {
    input_ids: () => batch.inputIds,
    attention_mask: () => batch.attentionMask,
    token_type_ids: () => batch.tokenTypeIds,
    position_ids: () => positions(batch, firstPosition),
  };
  const given: Record<string, Tensor> = {};
  for (const { name, type } of inputs) given[name] = tensorOf(runtime, type, values[name](), shape);
  if (pooled) {
    given[poolWeightsInput] = new runtime.Tensor('float32', batch.poolWeights, [batch.rows, 1, batch.tokens]);
  }
  return given;
}

function tensorOf(
  { Tensor }: Runtime,
  type: InputType,
  values: BigInt64Array<ArrayBuffer>,
  shape: readonly number[],
): Tensor {
  switch (type) {
    case 'int64':
      return new Tensor('int64', values, shape);
    case 'int32':
      return new Tensor('int32', Int32Array.from(values, Number), shape);
    case 'float32':
      return new Tensor('float32', Float32Array.from(values, Number), shape);
    case 'bool':
      return new Tensor('bool', Uint8Array.from(values, Number), shape);
  }
}

/** Each token's place in its text, from the first position of the family on; padding has the pad token's. */
function positions({ rows, tokens, attentionMask }: TokenBatch, first: number): BigInt64Array<ArrayBuffer> {
  const places = new BigInt64Array(rows * tokens);
  for (let row = 0; row < rows; row++) {
    let next = first;
    for (let t = row * tokens; t < (row + 1) * tokens; t++) {
      places[t] = BigInt(attentionMask[t] === 1n ? next++ : Math.max(0, first - 1));
    }
  }
  return places;
}
