import { listOf, type StartSpec } from './copiedLayers.ts';
import { type TrainSpec, trainSchema } from './spec.ts';
import { lossLabels } from './systemLabel.ts';

/** Settings of a preset; what it does not name stays as it is. */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly fields: Partial<TrainSpec>;
}

/**
 * The first two are sentence-transformers' examples/sentence_transformer/training/ms_marco/train_bi-encoder_mnrl.py,
 * before and after its rewrite; the paper trained with the first, and BM25 alone for hard negatives.
 */
export const recipes: readonly Recipe[] = [
  {
    id: 'short',
    title: 'Short run',
    about: 'Enough to watch a small model learn: a few hundred steps at a high rate. Not the paper’s.',
    fields: {
      batchSize: 16,
      miniBatchSize: 48,
      steps: 240,
      learningRate: 1e-3,
      warmupSteps: 0.1,
      maxLength: 96,
      negativesPerQuery: 1,
    },
  },
  {
    id: 'mnrl-2025',
    title: 'The paper’s recipe',
    about:
      'train_bi-encoder_mnrl.py as it stood until March 2025: batch 64, 2e-5, 1,000 warm-up steps, 10 epochs, 300 tokens.',
    fields: {
      batchSize: 64,
      miniBatchSize: 64,
      steps: null,
      epochs: 10,
      learningRate: 2e-5,
      warmupSteps: 1000,
      maxLength: 300,
      negativesPerQuery: 1,
    },
  },
  {
    id: 'mnrl-2026',
    title: 'The recipe’s 2026 rewrite',
    about:
      'train_bi-encoder_mnrl.py of 2026: batch 256, 3.2e-5, a tenth of the steps to warm up, one epoch, four negatives.',
    fields: {
      batchSize: 256,
      miniBatchSize: 64,
      steps: null,
      epochs: 1,
      learningRate: 3.2e-5,
      warmupSteps: 0.1,
      maxLength: 300,
      negativesPerQuery: 4,
    },
  },
];

/** A model's shape, under the paper's name for it. */
export interface Shape {
  readonly id: string;
  readonly title: string;
  readonly fields: StartSpec & Partial<Pick<TrainSpec, 'loss' | 'teacher' | 'adaptiveLayers'>>;
}

/** Two layers that are taught, each under the name of its loss. */
export const taughtShapes: readonly Shape[] = [
  { id: 'de-2-mse', title: 'DE-2 MSE', fields: { init: 'de', layers: 2, copyLayers: 2, loss: 'mse' } },
  {
    id: 'de-2-margin-mse',
    title: 'DE-2 Margin-MSE',
    fields: { init: 'ce', layers: 2, copyLayers: 1, loss: 'margin-mse' },
  },
  { id: 'de-2-kl', title: 'DE-2 KL', fields: { init: 'ce', layers: 2, copyLayers: 1, loss: 'kl' } },
];

/** DE-2 CE with its loss at every layer: one training, and a model at each of its depths. */
export const adaptiveShape: Shape = {
  id: 'de-2-adaptive',
  title: 'DE-2 Adaptive',
  fields: { init: 'ce', layers: 2, copyLayers: 1, adaptiveLayers: true },
};

/** @param layers encoder layers of the CE */
export function shapesOf(layers: number): readonly Shape[] {
  return [
    { id: 'de-2-ce', title: 'DE-2 CE', fields: { init: 'ce', layers: 2, copyLayers: 1 } },
    { id: 'de-2-rand', title: 'DE-2 Rand', fields: { init: 'random', layers: 2, copyLayers: 0 } },
    { id: 'de-2-de', title: 'DE-2 DE', fields: { init: 'de', layers: 2, copyLayers: 1 } },
    {
      id: `de-${layers}-ce`,
      title: `DE-${layers} CE`,
      fields: { init: 'ce', layers, copyLayers: layers },
    },
  ];
}

/** Any other shape; its name says its layers, those that are copied, and its loss. */
export function shapeOf(fields: Shape['fields']): Shape {
  const { loss = 'mnrl', teacher, ...start } = fields;
  const shape = untaughtShape(start);
  if (loss === 'mnrl') return shape;
  return {
    id: `${shape.id}-${loss}`,
    title: `${shape.title}, ${lossLabels[loss]}`,
    fields: { ...shape.fields, loss, ...(teacher ? { teacher } : {}) },
  };
}

function untaughtShape(fields: StartSpec): Shape {
  const { init, layers, copyLayers, copy } = fields;
  if (init === 'random') {
    return { id: `de-${layers}-rand`, title: `DE-${layers} Rand`, fields: { init, layers, copyLayers: 0 } };
  }
  const from = init.toUpperCase();
  if (copy && copy.length > 0) {
    const id = `de-${layers}-${init}-layers-${copy.join('-')}`;
    return {
      id,
      title: `DE-${layers} ${from}, ${copy.length === 1 ? 'layer' : 'layers'} ${listOf(copy)} copied`,
      fields,
    };
  }
  return {
    id: `de-${layers}-${init}-${copyLayers}`,
    title: `DE-${layers} ${from}, ${copyLayers === 0 ? 'embeddings' : copyLayers} copied`,
    fields,
  };
}

/** A training run of a shape by a recipe. */
export function trainBy(shape: Shape, recipe: Recipe, fields: Partial<TrainSpec> = {}): TrainSpec {
  return trainSchema.parse({ name: shape.id, ...shape.fields, ...recipe.fields, ...fields });
}

/** The preset that a run follows in every setting; undefined when it is the user's own. */
export function recipeOf(train: TrainSpec): Recipe | undefined {
  return recipes.find(({ fields }) =>
    Object.entries(fields).every(([name, value]) => train[name as keyof TrainSpec] === value),
  );
}
