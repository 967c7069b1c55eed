import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { parameterShapes, sizeOf } from '../../src/base/bertShape.ts';
import { generator } from '../../src/base/random.ts';
import type { Weights } from '../../src/lab/models/bert/weightFile.ts';
import { bertFamily } from '../../src/lab/models/build/postNorm.ts';
import { parseSpec } from '../../src/lab/spec/parse.ts';
import { randomParameter } from '../../src/lab/training/initialise.ts';
import type { KeptTraining, TrainingIdentity } from '../../src/lab/training/keptTraining.ts';

const shape = {
  vocabulary: 11,
  hidden: 6,
  layers: 1,
  heads: 2,
  intermediate: 10,
  positions: 7,
  types: 2,
  epsilon: 1e-12,
};

function values(seed: number): Weights {
  const random = generator(seed);
  return new Map(
    parameterShapes(shape).map(({ name, shape: size }) => [
      name,
      { shape: size, data: Float32Array.from({ length: sizeOf(size) }, () => uniformFloat32(random)) },
    ]),
  );
}

/** A run's state with values of a seed. */
export function madeTraining(step: number, seed: number): KeptTraining {
  return {
    step,
    seconds: 1.5 * step,
    weights: values(seed),
    optimiser: { mean: values(seed + 1), square: values(seed + 2) },
    steps: Array.from({ length: step }, (_, at) => ({
      step: at,
      loss: 1 / (at + 3),
      learningRate: 1e-3 * at,
      gradNorm: 7.5,
    })),
    evaluations: [{ step: 0, dataset: 'foldoc', queries: 3, documents: 9, metrics: { 'hits@10': 1 / 3 } }],
  };
}

/** What identifies a made run. */
export function madeIdentity(name = 'made', seed = 1): TrainingIdentity {
  const spec = parseSpec({
    seed,
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: [{ source: 'folder:one' }],
    train: [{ name }],
  });
  const [train] = spec.train;
  if (!train) throw new Error('The spec trains nothing.');
  const weights: Weights = new Map(
    parameterShapes(shape).map((one) => [
      one.name,
      { shape: one.shape, data: randomParameter(one, seed, 0) },
    ]),
  );
  return {
    train,
    spec,
    initial: {
      shape,
      weights,
      config: { family: bertFamily(shape), shape, padTokenId: 0, architecture: 'BertModel', raw: {} },
    },
    set: { texts: ['a', 'b', 'c'], examples: [{ query: 0, positives: [1], negatives: [2] }] },
  };
}
