import {
  activationBytes,
  type EncoderShape,
  embeddingWidth,
  mostTokens,
  parameterShapes,
  sizeOf,
  wordTable,
} from '../../base/bertShape.ts';
import type { ModelFiles } from '../models/types.ts';
import type { Spec, TrainSpec } from '../spec/spec.ts';
import { initialConfig } from './initialise.ts';
import { drawnPerQuery } from './negativeCounts.ts';

/** What a training run takes of the device, in bytes, when its texts are as long as they may be. */
export interface TrainingCost {
  readonly name: string;
  readonly parameters: number;
  readonly weights: number;
  /** The word table has gradients only for the rows that a batch touches. */
  readonly gradients: number;
  /** AdamW's two. */
  readonly moments: number;
  /** Those of one mini-batch, whatever the batch size. */
  readonly activations: number;
}

const float = 4;

export function trainingCost(shape: EncoderShape, train: TrainSpec): TrainingCost {
  const sizes = parameterShapes(shape).map((one) => ({ name: one.name, size: sizeOf(one.shape) }));
  const parameters = sizes.reduce((sum, { size }) => sum + size, 0);
  const dense = sizes.reduce((sum, { name, size }) => (name === wordTable ? sum : sum + size), 0);
  const length = Math.min(train.maxLength, mostTokens(shape));
  const texts = train.batchSize * (2 + drawnPerQuery(train));
  const rows = Math.min(shape.vocabulary, texts * length) * embeddingWidth(shape);
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

/**
 * What a spec's training runs take, each of the shape that its model begins from.
 * @throws UserError when a model cannot be trained, or has not the layers that are to be copied
 */
export async function trainingCosts(
  { models: { ce, de }, train }: Pick<Spec, 'models' | 'train'>,
  openFiles: (source: string) => Promise<ModelFiles>,
): Promise<TrainingCost[]> {
  const costs: TrainingCost[] = [];
  for (const run of train) {
    const files = await openFiles((run.init === 'de' ? de : ce).source);
    const { shape } = (await initialConfig(run, files)).config;
    costs.push(trainingCost({ ...shape, layers: run.layers }, run));
  }
  return costs;
}

/** All of it. */
export function bytesOf({ weights, gradients, moments, activations }: TrainingCost): number {
  return weights + gradients + moments + activations;
}
