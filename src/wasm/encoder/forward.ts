import { type EncoderShape, isTanhGelu } from '../../base/bertShape.ts';
import type { Kernels } from '../kernels.ts';
import type { Batch, Scratch, Task } from './batch.ts';
import type { EncoderPlaces, LayerPlaces } from './weights.ts';

/** An encoder that a thread runs. */
export interface Model {
  readonly shape: EncoderShape;
  readonly places: EncoderPlaces;
  /** Layers whose pooled states are asked for, ascending. */
  readonly layers: readonly number[];
}

/**
 * One task of a batch through an encoder's layers, as transformers' BertModel has them in evaluation. Texts are not padded,
 * so that nothing is masked, and a text's vectors depend on it alone.
 */
export function forward(
  kernels: Kernels,
  { shape, places, layers }: Model,
  batch: Batch,
  task: Task,
  scratch: Scratch,
): void {
  const { hidden, epsilon } = shape;
  const from = batch.starts[task.first]!;
  const tokens = batch.starts[task.last]! - from;
  const { words, positions, kinds, norm } = places;
  const ids = batch.ids + 12 * from;
  kernels.embed(scratch.states, ids, words, positions, kinds, norm.gamma, norm.beta, tokens, hidden, epsilon);
  for (let layer = 0; layer <= places.layers.length; layer++) {
    if (layer > 0)
      runLayer({ kernels, shape, batch, task, scratch, zeros: places.zeros }, places.layers[layer - 1]!);
    const asked = layers.indexOf(layer);
    if (asked < 0) continue;
    for (let text = task.first; text < task.last; text++) {
      kernels.pool(
        batch.pooled + 4 * hidden * (text * layers.length + asked),
        scratch.states + 4 * hidden * (batch.starts[text]! - from),
        batch.weights + 4 * batch.starts[text]!,
        batch.lengths[text]!,
        hidden,
      );
    }
  }
}

interface Running {
  readonly kernels: Kernels;
  readonly shape: EncoderShape;
  readonly batch: Batch;
  readonly task: Task;
  readonly scratch: Scratch;
  readonly zeros: number;
}

/** Takes `scratch.states` from one layer to the next. */
function runLayer({ kernels, shape, batch, task, scratch, zeros }: Running, layer: LayerPlaces): void {
  const { hidden, intermediate, heads, epsilon } = shape;
  const { states, qkv, mixed, middle, up, packed } = scratch;
  const from = batch.starts[task.first]!;
  const tokens = batch.starts[task.last]! - from;
  const linear = (
    to: number,
    x: number,
    [ins, outs]: readonly [number, number],
    { weight, bias }: LayerPlaces['qkv'],
  ): void => {
    kernels.packRows(packed, x, ins, tokens, ins);
    kernels.matmul(to, outs, packed, weight, bias, tokens, outs, ins);
  };
  linear(qkv, states, [hidden, 3 * hidden], layer.qkv);
  for (let text = task.first; text < task.last; text++) {
    const row = batch.starts[text]! - from;
    kernels.attention(
      mixed + 4 * hidden * row,
      qkv + 12 * hidden * row,
      scratch.attention,
      zeros,
      batch.lengths[text]!,
      hidden,
      heads,
    );
  }
  linear(middle, mixed, [hidden, hidden], layer.output);
  const { attentionNorm, norm } = layer;
  kernels.addAndNorm(middle, states, attentionNorm.gamma, attentionNorm.beta, tokens, hidden, epsilon);
  linear(up, middle, [hidden, intermediate], layer.up);
  if (isTanhGelu(shape)) kernels.tanhGelu(up, tokens * intermediate);
  else kernels.gelu(up, tokens * intermediate);
  linear(states, up, [intermediate, hidden], layer.down);
  kernels.addAndNorm(states, middle, norm.gamma, norm.beta, tokens, hidden, epsilon);
}
