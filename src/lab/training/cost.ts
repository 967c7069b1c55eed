import {
  activationBytes,
  type EncoderShape,
  parameterShapes,
  sizeOf,
  wordTable,
} from '../../base/bertShape.ts';
import type { TrainSpec } from '../spec/spec.ts';

/** What a training run takes of the device, in bytes, when its texts are as long as they may be. */
export interface TrainingCost {
  readonly name: string;
  readonly parameters: number;
  readonly weights: number;
  /** Of the word table only the rows that a batch touches have one. */
  readonly gradients: number;
  /** AdamW's two. */
  readonly moments: number;
  /** Of one mini-batch, whatever the batch. */
  readonly activations: number;
}

const float = 4;

export function trainingCost(shape: EncoderShape, train: TrainSpec): TrainingCost {
  const sizes = parameterShapes(shape).map((one) => ({ name: one.name, size: sizeOf(one.shape) }));
  const parameters = sizes.reduce((sum, { size }) => sum + size, 0);
  const dense = sizes.reduce((sum, { name, size }) => (name === wordTable ? sum : sum + size), 0);
  const length = Math.min(train.maxLength, shape.positions);
  const negatives = train.negatives === 'none' ? 0 : train.negativesPerQuery;
  const texts = train.batchSize * (2 + negatives);
  const rows = Math.min(shape.vocabulary, texts * length) * shape.hidden;
  const tokens = Math.min(texts, train.miniBatchSize) * length;
  return {
    name: train.name,
    parameters,
    weights: float * parameters,
    gradients: float * (dense + rows),
    moments: 2 * float * parameters,
    // With the rows of the word table, brought together.
    activations: tokens * activationBytes(shape) + float * rows,
  };
}

/** All of it. */
export function bytesOf({ weights, gradients, moments, activations }: TrainingCost): number {
  return weights + gradients + moments + activations;
}
