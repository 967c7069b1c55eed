import type { Spec, TrainSpec } from '../spec/spec.ts';
import { trainSchema } from '../spec/spec.ts';

/** A comparison that the page sets up with one press: a change to the spec's systems, training and depth. */
export interface Experiment {
  readonly name: string;
  /** What it asks, in one sentence. */
  readonly question: string;
  readonly setUp: (spec: Spec) => Spec;
}

/** A few hundred steps of small batches: minutes on a GPU, and on two cores without one a quarter of an hour a model. */
function small(name: string, init: TrainSpec['init'], copyLayers: number): TrainSpec {
  return trainSchema.parse({
    name,
    init,
    layers: 2,
    copyLayers,
    steps: 240,
    batchSize: 8,
    miniBatchSize: 24,
    learningRate: 1e-3,
    warmupSteps: 24,
    maxLength: 64,
  });
}

function comparing(spec: Spec, train: readonly TrainSpec[], systems: readonly string[], depth = 50): Spec {
  return {
    ...spec,
    train: [...train],
    compare: { ...spec.compare, enabled: true, systems: [...systems], rerankDepth: depth },
  };
}

/** Layers of a model that are looked at where its depth is not known: those of the paper's early half. */
const earlyLayers = [0, 1, 2, 3, 4, 5, 6];

export const experiments: readonly Experiment[] = [
  {
    name: 'Table 1, small',
    question:
      'Does a two-layer model started from the CE search nearly as well as the whole DE, and how much faster?',
    setUp: (spec) =>
      comparing(
        { ...spec, compare: { ...spec.compare, speed: true } },
        [small('de-2-ce', 'ce', 1), small('de-2-rand', 'random', 0)],
        ['baseline', 'de-2-ce', 'de-2-rand', 'bm25'],
      ),
  },
  {
    name: 'Layers to copy',
    question: 'How many of the CE’s layers should the model start from: none, its embeddings, one or two?',
    setUp: (spec) =>
      comparing(
        spec,
        [
          small('copy-none', 'random', 0),
          small('copy-embeddings', 'ce', 0),
          small('copy-1', 'ce', 1),
          small('copy-2', 'ce', 2),
        ],
        ['baseline', 'copy-none', 'copy-embeddings', 'copy-1', 'copy-2'],
      ),
  },
  {
    name: 'Pooling',
    question: 'Which tokens of the self pair make the best embedding of the CE’s first layer?',
    setUp: (spec) =>
      comparing(
        spec,
        [],
        ['baseline', ...['both', 'first', 'both+cls', 'first+cls'].map((pooling) => `ce-layer-1 ${pooling}`)],
      ),
  },
  {
    name: 'Early layers',
    question: 'Which layer of the CE retrieves best, alone and in front of the CE as reranker?',
    setUp: (spec) => comparing(spec, [], ['baseline', ...earlyLayers.map((layer) => `ce-layer-${layer}`)]),
  },
  {
    name: 'Rerank depth',
    question: 'How many documents must the CE read again, and what does each further one cost?',
    setUp: (spec) => comparing(spec, [], ['baseline', 'ce-layer-0', 'ce-layer-1', 'bm25'], 100),
  },
];
