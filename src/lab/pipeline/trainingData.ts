import { UserError } from '../../base/userError.ts';
import type { TrainingPair } from '../data/fromPairs.ts';
import { mineHardNegatives } from '../training/hardNegatives.ts';
import { gatherPairs, type TrainingSet } from '../training/trainingSet.ts';
import { counting } from './counting.ts';
import type { TrainOptions } from './trainOptions.ts';

/** Pairs, with the negatives that the spec asks for, and where they are from. */
export async function trainingSetOf({
  train,
  spec,
  heldOut,
  services,
  listen,
  signal,
}: TrainOptions): Promise<{ set: TrainingSet; data: { source: string; pairs: number }[] }> {
  await listen({ type: 'stage', text: `${train.name}: reading the training pairs` });
  const sources = train.data.length > 0 ? train.data : spec.datasets.map(({ source }) => source);
  const data: { source: string; pairs: number }[] = [];
  const pairs: TrainingPair[] = [];
  const most = train.steps === null ? Number.POSITIVE_INFINITY : train.steps * train.batchSize;
  for (const source of sources) {
    const columns = spec.datasets.find((dataset) => dataset.source === source)?.columns;
    const read = await services.loadTrainingPairs(source, signal, most, columns);
    data.push({ source, pairs: read.length });
    for (const pair of read) pairs.push(pair);
  }
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
      if (given.examples.every(({ negatives }) => negatives.length === 0)) {
        throw new UserError(
          `is given, but ${sources.join(', ')} ${sources.length === 1 ? 'has' : 'have'} no negatives; choose bm25 or none.`,
          { field: 'train.negatives' },
        );
      }
      return { set: given, data };
    case 'none':
      return {
        set: { ...given, examples: given.examples.map((example) => ({ ...example, negatives: [] })) },
        data,
      };
    case 'bm25': {
      await listen({ type: 'stage', text: `${train.name}: mining hard negatives by BM25` });
      const { set, random } = await mineHardNegatives(given, {
        seed: spec.seed,
        count: Math.max(5, train.negativesPerQuery),
        signal,
        onProgress: counting(listen, 'passages and queries'),
      });
      if (random > 0) {
        await listen({
          type: 'notice',
          text: `${train.name}: BM25 found no negative for ${random} of ${set.examples.length} queries; each has a random passage instead.`,
        });
      }
      return { set, data };
    }
  }
}
