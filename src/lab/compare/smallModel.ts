import { defaultSpec } from '../spec/defaults.ts';
import { type Spec, type SystemSpec, type TrainSpec, trainSchema } from '../spec/spec.ts';
import { adaptiveShape, shapesOf, taughtShapes } from '../spec/trainPresets.ts';

/** How large the comparison of small models is: for two cores without a GPU, or for a GPU. */
export type SmallModelSize = 'small' | 'full';

/** What all runs of a size share, so that they differ in what they start from and learn from alone. */
const recipes: Readonly<Record<SmallModelSize, Partial<TrainSpec>>> = {
  small: {
    steps: 60,
    // On a processor each search while it learns takes half as long as the training.
    evaluateEvery: null,
    batchSize: 8,
    miniBatchSize: 24,
    learningRate: 1e-3,
    warmupSteps: 6,
    maxLength: 64,
  },
  full: {
    steps: 2000,
    batchSize: 64,
    miniBatchSize: 64,
    learningRate: 2e-4,
    warmupSteps: 200,
    maxLength: 128,
  },
};

/** Reading pairs by the CE is most of what a comparison takes on a processor. */
const rerankDepths: Readonly<Record<SmallModelSize, number>> = { small: 20, full: 50 };

/** What a two-layer model can start from, and what it can learn from. */
const shapes = [
  ...['de-2-ce', 'de-2-de', 'de-2-rand'].map((name) => shapesOf(2).find(({ id }) => id === name)!),
  ...taughtShapes,
  adaptiveShape,
];

const systems: readonly SystemSpec[] = [
  'baseline',
  ...shapes.map(({ id }) => id),
  // What one training with the loss at every layer gives besides: the same model cut behind its first layer, and
  // behind its embedding layer.
  `${adaptiveShape.id} layer 1`,
  `${adaptiveShape.id} layer 0`,
  // The small model embeds queries alone: it was taught the whole DE's vectors, and searches among them.
  { name: 'asymmetric', queries: 'de-2-mse', documents: 'baseline' },
  'static-ce',
  'static-ce idf',
  'static-de',
  'static-de idf',
  'bm25',
  { name: 'hybrid', fuse: ['bm25', 'baseline'] },
];

/**
 * "What makes a small model good?": what a two-layer model starts from, what it learns from, what of it is left at
 * each depth, and what comes of no training or no encoder at all, in one table on the bundled pair and collections.
 */
export function smallModelSpec(size: SmallModelSize): Spec {
  const spec = size === 'small' ? defaultSpec(100, 1000) : defaultSpec();
  return {
    ...spec,
    layerwise: { ...spec.layerwise, enabled: false },
    train: shapes.map(({ id, fields }) => trainSchema.parse({ name: id, ...recipes[size], ...fields })),
    compare: {
      ...spec.compare,
      enabled: true,
      systems: [...systems],
      rerankDepth: rerankDepths[size],
      speed: true,
    },
    keep: ['runs'],
  };
}
