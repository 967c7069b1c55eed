import type { EncoderShape } from '../../../base/bertShape.ts';
import type { Parameters } from '../build/operators.ts';
import { bertFamily, writePostNorm } from '../build/postNorm.ts';

/**
 * An encoder as an ONNX model in float32: `input_ids`, `attention_mask` and, where there are several types,
 * `token_type_ids`, int64 [batch_size, sequence_length], give `last_hidden_state` [batch_size, sequence_length, hidden].
 * Operators are of the standard set 17, so that any runtime takes it. A text may have at most as many tokens as there
 * are positions.
 * @param weights every parameter of `parameterShapes(shape)`
 */
export function exportOnnx(shape: EncoderShape, weights: Parameters): Uint8Array<ArrayBuffer> {
  return writePostNorm(bertFamily(shape), weights, null);
}
