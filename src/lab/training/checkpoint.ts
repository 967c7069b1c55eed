import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '../formats/safetensors.ts';
import type { KeptTraining } from './keptTraining.ts';

/** {@link KeptTraining} without how long it took: of equal runs it is equal. */
export type Checkpoint = Omit<KeptTraining, 'seconds'>;

type Values = Checkpoint['weights'];

const format = 'layerlab-checkpoint-1';
const moments = ['mean', 'square'] as const;

const metadataSchema = z.object({
  format: z.literal(format),
  step: z.string(),
  steps: z.string(),
  evaluations: z.string(),
});
const stepsSchema = z.array(
  z.object({ step: z.int(), loss: z.number(), learningRate: z.number(), gradNorm: z.number() }),
);
const evaluationsSchema = z.array(
  z.object({
    step: z.int(),
    dataset: z.string(),
    queries: z.int(),
    documents: z.int(),
    metrics: z.record(z.string(), z.number()),
  }),
);

/**
 * One safetensors file: weights by their names, AdamW's moments as `mean.NAME` and `square.NAME`, the rest
 * as metadata. Random numbers have no state that would have to be kept: batches, their order and dropout
 * masks are functions of the seed and the step's number. Equal runs give equal bytes.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { step, weights, optimiser, steps, evaluations } = checkpoint;
  const tensors = new Map(weights);
  for (const moment of moments) {
    for (const [name, value] of optimiser[moment]) tensors.set(`${moment}.${name}`, value);
  }
  return writeSafetensors(tensors, {
    format,
    step: String(step),
    steps: JSON.stringify(steps),
    evaluations: JSON.stringify(evaluations),
  });
}

/** @throws UserError when the bytes are no checkpoint, or one that lacks a moment */
export function decodeCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  const { metadata } = readSafetensorsHeader(bytes, file);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) {
    throw new UserError('is not a checkpoint of a training run; begin the run again.', { file });
  }
  const weights: Map<string, NonNullable<ReturnType<Values['get']>>> = new Map();
  const optimiser = { mean: new Map(weights), square: new Map(weights) };
  for (const [name, tensor] of readSafetensors(bytes, file)) {
    const moment = moments.find((one) => name.startsWith(`${one}.`));
    if (moment) optimiser[moment].set(name.slice(moment.length + 1), tensor);
    else weights.set(name, tensor);
  }
  for (const moment of moments) {
    for (const name of weights.keys()) {
      if (optimiser[moment].has(name)) continue;
      throw new UserError(`lacks the optimiser's ${moment} of "${name}"; begin the run again.`, { file });
    }
  }
  return {
    step: Number(parsed.data.step),
    weights,
    optimiser,
    steps: stepsSchema.parse(JSON.parse(parsed.data.steps)),
    evaluations: evaluationsSchema.parse(JSON.parse(parsed.data.evaluations)),
  };
}
