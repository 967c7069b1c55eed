import type { EncoderShape } from '../src/base/bertShape.ts';
import type { OptimiserOptions } from '../src/gpu/training/optimiser.ts';
import type { TrainingBatch } from '../src/gpu/training/trainer.ts';

const bert = { layers: 2, types: 2, epsilon: 1e-12 };

/** A DE-2 of the bundled mini-ce. */
export const miniModel: EncoderShape = {
  ...bert,
  vocabulary: 8192,
  hidden: 128,
  heads: 4,
  intermediate: 512,
  positions: 256,
};

/** A DE-2 of a MiniLM. */
export const miniLm: EncoderShape = {
  ...bert,
  vocabulary: 30522,
  hidden: 384,
  heads: 12,
  intermediate: 1536,
  positions: 512,
};

/** Around 0, `spread` wide. */
export function randomFloats(length: number, spread = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => spread * (Math.random() - 0.5));
}

/** AdamW and clipping as the recipes have them. */
export const optimiser: OptimiserOptions = {
  weightDecay: 0.01,
  maxGradNorm: 1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/** A training step to measure. */
export interface StepSizes {
  readonly name: string;
  readonly shape: EncoderShape;
  /** Each with a positive and a negative. */
  readonly queries: number;
  /** Of every text. */
  readonly tokens: number;
  readonly rounds: number;
}

/** Queries, each with a positive and a negative, of random words. */
export function randomBatch({ vocabulary }: EncoderShape, queries: number, tokens: number): TrainingBatch {
  const texts = (count: number): Int32Array[] =>
    Array.from({ length: count }, () =>
      Int32Array.from({ length: tokens }, () => Math.floor(Math.random() * vocabulary)),
    );
  return { queries: texts(queries), documents: texts(2 * queries) };
}
