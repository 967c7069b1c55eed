import { type MinedNegatives, mineHardNegatives } from '../training/hardNegatives.ts';
import { minedPerQuery } from '../training/negativeCounts.ts';
import { gatherPairs, type TrainingSet } from '../training/trainingSet.ts';
import { counting } from './counting.ts';
import { type GivenPairs, givenPairs, withoutNegatives } from './givenPairs.ts';
import type { TrainOptions } from './trainOptions.ts';

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
