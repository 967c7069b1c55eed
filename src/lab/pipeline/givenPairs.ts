import { UserError } from '../../base/userError.ts';
import type { TrainingPair } from '../data/fromPairs.ts';
import type { PairColumnsSpec, Spec, TrainSpec } from '../spec/spec.ts';
import type { TrainingServices, TrainOptions } from './trainOptions.ts';

export interface GivenPairs {
  readonly pairs: readonly TrainingPair[];
  /** How many each source gives. */
  readonly data: readonly { readonly source: string; readonly pairs: number }[];
  /** What of the sources was left out, a sentence each. */
  readonly warnings: readonly string[];
}

/** Training pairs are read once, for all that take them. */
export function rememberingPairs<Services extends Pick<TrainingServices, 'loadTrainingPairs'>>(
  services: Services,
): Services {
  const read = new Map<string, ReturnType<TrainingServices['loadTrainingPairs']>>();
  return {
    ...services,
    loadTrainingPairs(source: string, signal: AbortSignal, most: number, columns?: PairColumnsSpec) {
      const key = JSON.stringify([source, most, columns]);
      const pairs = read.get(key) ?? services.loadTrainingPairs(source, signal, most, columns);
      read.set(key, pairs);
      return pairs;
    },
  };
}

/** Where a training run's pairs come from: what it names, else the spec's collections. */
export function sourcesOf(train: Pick<TrainSpec, 'data'>, spec: Pick<Spec, 'datasets'>): readonly string[] {
  return train.data.length > 0 ? train.data : spec.datasets.map(({ source }) => source);
}

/** A training run's pairs as they stand in its sources. @throws UserError when a source has none */
export async function givenPairs(
  {
    train,
    spec,
    services,
  }: Pick<TrainOptions, 'train' | 'spec'> & {
    readonly services: Pick<TrainingServices, 'loadTrainingPairs'>;
  },
  signal: AbortSignal,
): Promise<GivenPairs> {
  const data: { source: string; pairs: number }[] = [];
  const pairs: TrainingPair[] = [];
  const warnings: string[] = [];
  const most = train.steps === null ? Number.POSITIVE_INFINITY : train.steps * train.batchSize;
  for (const source of new Set(sourcesOf(train, spec))) {
    const columns = spec.datasets.find((dataset) => dataset.source === source)?.columns;
    const read = await services.loadTrainingPairs(source, signal, most, columns);
    data.push({ source, pairs: read.pairs.length });
    warnings.push(...read.warnings);
    for (const pair of read.pairs) pairs.push(pair);
  }
  return { pairs, data, warnings };
}

/** What is told where the spec takes negatives as given and its sources have none. */
export function withoutNegatives(data: GivenPairs['data']): UserError {
  return new UserError(
    `is given, but ${data.map(({ source }) => source).join(', ')} ${data.length === 1 ? 'has' : 'have'} no negatives; choose bm25 or none.`,
    { field: 'train.negatives' },
  );
}
