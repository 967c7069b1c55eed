import { UserError } from '../../base/userError.ts';
import type { TrainingPair } from '../data/fromPairs.ts';
import type { PairColumnsSpec } from '../spec/spec.ts';
import { type MinedNegatives, minedPerQuery, mineHardNegatives } from '../training/hardNegatives.ts';
import { gatherPairs, type TrainingSet } from '../training/trainingSet.ts';
import { counting } from './counting.ts';
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
  const sources = train.data.length > 0 ? train.data : spec.datasets.map(({ source }) => source);
  const data: { source: string; pairs: number }[] = [];
  const pairs: TrainingPair[] = [];
  const warnings: string[] = [];
  const most = train.steps === null ? Number.POSITIVE_INFINITY : train.steps * train.batchSize;
  for (const source of new Set(sources)) {
    const columns = spec.datasets.find((dataset) => dataset.source === source)?.columns;
    const read = await services.loadTrainingPairs(source, signal, most, columns);
    data.push({ source, pairs: read.pairs.length });
    warnings.push(...read.warnings);
    for (const pair of read.pairs) pairs.push(pair);
  }
  return { pairs, data, warnings };
}

/** Pairs, with the negatives that the spec asks for, and where they are from. */
export async function trainingSetOf(
  options: TrainOptions,
): Promise<{ set: TrainingSet; data: GivenPairs['data'] }> {
  const { train, heldOut, listen, signal } = options;
  await listen({ type: 'stage', text: `${train.name}: reading the training pairs` });
  const { pairs, data, warnings } = await givenPairs(options, signal);
  for (const warning of warnings) await listen({ type: 'notice', text: `${train.name}: ${warning}` });
  const measured = new Set(heldOut.flatMap(({ queries }) => queries.texts));
  const known = pairs.filter(({ query }) => measured.has(query)).length;
  if (known > 0) {
    await listen({
      type: 'notice',
      text: `${train.name}: ${known} of ${pairs.length} training pairs have a query that is also measured, so its results flatter it.`,
    });
  }
  // Unshuffled, a batch is so many rows of the files, so that another program can follow.
  const given = gatherPairs(pairs, train.shuffle);
  switch (train.negatives) {
    case 'given':
      if (pairs.every(({ negatives }) => negatives.length === 0)) {
        throw withoutNegatives(data);
      }
      return { set: given, data };
    case 'none':
      return {
        set: { ...given, examples: given.examples.map((example) => ({ ...example, negatives: [] })) },
        data,
      };
    case 'bm25': {
      await listen({ type: 'stage', text: `${train.name}: mining hard negatives by BM25` });
      const { set, random, without } = await minedFor(options, given, data);
      if (random > 0) {
        await listen({
          type: 'notice',
          text: `${train.name}: BM25 found no negative for ${random} of ${set.examples.length} queries; each has a random passage instead.`,
        });
      }
      if (without > 0) {
        await listen({
          type: 'notice',
          text: `${train.name}: ${without} of ${set.examples.length} queries have no negative, since every passage is relevant to them.`,
        });
      }
      return { set, data };
    }
  }
}

/** Models of a spec mostly learn from the same pairs, for which BM25 is asked once. */
function minedFor(
  { train, spec, mined, listen, signal }: TrainOptions,
  given: TrainingSet,
  data: GivenPairs['data'],
): Promise<MinedNegatives> {
  const count = minedPerQuery(train.negativesPerQuery);
  const key = JSON.stringify([data, train.shuffle, count]);
  const known = mined.get(key);
  if (known) return known;
  const mining = mineHardNegatives(given, {
    seed: spec.seed,
    count,
    signal,
    onProgress: counting(listen, 'passages and queries'),
  });
  mined.set(key, mining);
  return mining;
}

/** What is told where the spec takes negatives as given and its sources have none. */
export function withoutNegatives(data: GivenPairs['data']): UserError {
  return new UserError(
    `is given, but ${data.map(({ source }) => source).join(', ')} ${data.length === 1 ? 'has' : 'have'} no negatives; choose bm25 or none.`,
    { field: 'train.negatives' },
  );
}
