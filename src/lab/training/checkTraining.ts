import type { TrainingPair } from '../data/fromPairs.ts';
import type { TrainSpec } from '../spec/spec.ts';
import { TrainingPlan } from './trainingPlan.ts';
import { gatherPairs } from './trainingSet.ts';

export interface TrainingFindings {
  /** Why nothing would be learnt, a sentence each. */
  readonly refused: readonly string[];
  /** What is likely not meant so. */
  readonly warnings: readonly string[];
}

/**
 * Looks at a training run's pairs before its first step: by in-batch negatives nothing is learnt from a batch that
 * holds one document, and nothing can be mined where there is one.
 * @throws UserError when there are no pairs
 */
export function checkTraining(
  train: TrainSpec,
  pairs: readonly TrainingPair[],
  seed: number,
): TrainingFindings {
  const set = gatherPairs(pairs, train.shuffle);
  const { totalSteps } = new TrainingPlan(set, { ...train, seed });
  const { name, loss, negatives, batchSize, learningRate, warmupSteps } = train;
  const refused: string[] = [];
  const warnings: string[] = [];

  const given = set.examples.some((example) => example.negatives.length > 0);
  const listed = pairs.some((pair) => pair.negatives.length > 0);
  const passages = new Set(set.examples.flatMap(({ positives, negatives }) => [...positives, ...negatives]));
  const alone = Math.min(batchSize, set.examples.length) === 1;
  const ofCandidates = loss === 'margin-mse' || loss === 'kl';
  if (ofCandidates && (negatives === 'none' || (negatives === 'given' && !given))) {
    refused.push(
      `${name}: ${loss} compares a query’s positive with its own negatives, and there are none; take negatives by bm25, or pairs that have them.`,
    );
  } else if (negatives === 'bm25' && passages.size === 1) {
    refused.push(
      `${name}: its pairs have one document, so BM25 has no negative to mine; give more pairs, or pairs with negatives.`,
    );
  } else if (loss === 'mnrl' && alone && (negatives === 'none' || (negatives === 'given' && !given))) {
    const why = batchSize === 1 ? 'batchSize is 1' : 'there is one query';
    refused.push(
      `${name}: ${why} and there are no negatives, so the loss is always 0; raise batchSize, give more pairs, or take negatives by bm25.`,
    );
  }

  if (negatives === 'given' && listed && !given) {
    warnings.push(
      `${name}: every negative equals a positive of its query, so none is left; only the other documents of a batch are negatives.`,
    );
  }
  const positives = new Set(set.examples.flatMap((example) => example.positives));
  if (loss !== 'mse' && positives.size === 1 && set.examples.length > 1) {
    warnings.push(
      `${name}: all ${set.examples.length} queries have the same document, so there is nothing to tell apart.`,
    );
  }
  if (warmupSteps >= totalSteps && warmupSteps > 1) {
    const reached = (learningRate * totalSteps) / warmupSteps;
    warnings.push(
      `${name}: the warm-up takes ${warmupSteps} steps and the run ${totalSteps}, so the learning rate ends at ${reached.toPrecision(2)} and never reaches ${learningRate}; lower warmupSteps.`,
    );
  }
  return { refused, warnings };
}
