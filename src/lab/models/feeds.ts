import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { UserError } from '../../base/userError.ts';
import { poolWeightsInput } from './onnx/patch.ts';
import type { Runtime } from './runtime.ts';
import type { TokenBatch } from './types.ts';

/**
 * The tensors that a session asks for, of those a batch can give.
 * @throws UserError naming an input that the lab does not know
 */
export function feeds(
  runtime: Runtime,
  session: InferenceSession,
  batch: TokenBatch,
): Record<string, Tensor> {
  const { Tensor } = runtime;
  const shape = [batch.rows, batch.tokens];
  const all: Record<string, () => Tensor> = {
    input_ids: () => new Tensor('int64', batch.inputIds, shape),
    attention_mask: () => new Tensor('int64', batch.attentionMask, shape),
    token_type_ids: () => new Tensor('int64', batch.tokenTypeIds, shape),
    [poolWeightsInput]: () => new Tensor('float32', batch.poolWeights, [batch.rows, 1, batch.tokens]),
  };
  const given: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    const make = all[name];
    if (!make)
      throw new UserError(
        `asks for an input "${name}" that the lab does not know; use a plain encoder export.`,
      );
    given[name] = make();
  }
  return given;
}
