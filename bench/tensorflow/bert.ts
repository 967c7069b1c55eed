import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import type { EncoderShape } from '../../src/base/bertShape.ts';

/** A parameter by the hub's name. */
export type Parameter = (name: string) => tf.Tensor;

/**
 * A BERT encoder's mean-pooled vectors, [texts, hidden], as one writes it in TensorFlow.js. All texts are of
 * one length, so that nothing is padded or masked, which spares this side work.
 * @param ids [texts, tokens]
 */
export function embed(ids: tf.Tensor2D, shape: EncoderShape, parameter: Parameter): tf.Tensor2D {
  const { hidden, layers } = shape;
  const [texts, tokens] = ids.shape;
  const table = (name: string): tf.Tensor => parameter(`embeddings.${name}_embeddings.weight`);
  const words = tf.gather(table('word'), ids.flatten()).reshape([texts, tokens, hidden]);
  const places = table('position').slice([0, 0], [tokens, hidden]);
  const summed = words.add(places).add(table('token_type').slice([0, 0], [1, hidden]));
  let x = norm(
    summed.reshape<tf.Tensor2D>([texts * tokens, hidden]),
    'embeddings.LayerNorm',
    shape,
    parameter,
  );
  for (let layer = 0; layer < layers; layer++) {
    const stem = `encoder.layer.${layer}`;
    const attended = attention(x, texts, `${stem}.attention.self`, shape, parameter);
    const mixed = linear(attended, `${stem}.attention.output.dense`, parameter).add<tf.Tensor2D>(x);
    x = norm(mixed, `${stem}.attention.output.LayerNorm`, shape, parameter);
    const wide = gelu(linear(x, `${stem}.intermediate.dense`, parameter));
    const sum = linear(wide, `${stem}.output.dense`, parameter).add<tf.Tensor2D>(x);
    x = norm(sum, `${stem}.output.LayerNorm`, shape, parameter);
  }
  return x.reshape([texts, tokens, hidden]).mean(1) as tf.Tensor2D;
}

/** x Wᵀ + b */
function linear(x: tf.Tensor2D, name: string, parameter: Parameter): tf.Tensor2D {
  const b = parameter(`${name}.weight`) as tf.Tensor2D;
  return tf.fused.matMul({ a: x, b, transposeB: true, bias: parameter(`${name}.bias`) }) as tf.Tensor2D;
}

function norm(x: tf.Tensor2D, name: string, { epsilon }: EncoderShape, parameter: Parameter): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const normal = x.sub(mean).mul(variance.add(epsilon).rsqrt());
  return normal.mul(parameter(`${name}.weight`)).add(parameter(`${name}.bias`));
}

function gelu(x: tf.Tensor2D): tf.Tensor2D {
  return x.mul(tf.erf(x.mul(Math.SQRT1_2)).add(1).mul(0.5));
}

function attention(
  x: tf.Tensor2D,
  texts: number,
  name: string,
  { heads, hidden }: EncoderShape,
  parameter: Parameter,
): tf.Tensor2D {
  const size = hidden / heads;
  const tokens = x.shape[0] / texts;
  const byHead = (key: string): tf.Tensor4D =>
    linear(x, `${name}.${key}`, parameter)
      .reshape<tf.Tensor4D>([texts, tokens, heads, size])
      .transpose([0, 2, 1, 3]);
  const scores = tf.matMul(byHead('query'), byHead('key'), false, true).mul(1 / Math.sqrt(size));
  const mixed = tf.matMul(tf.softmax(scores), byHead('value'));
  return mixed.transpose([0, 2, 1, 3]).reshape([texts * tokens, hidden]);
}
