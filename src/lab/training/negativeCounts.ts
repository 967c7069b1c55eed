import type { TrainSpec } from '../spec/spec.ts';

/** Negatives that sentence-transformers' train_bi-encoder_mnrl.py takes of each system, `num_negs_per_system`. */
export const negativesMined = 5;

/** Passages that are mined for a query of which each epoch draws so many. */
export function minedPerQuery(negativesPerQuery: number): number {
  return Math.max(negativesMined, negativesPerQuery);
}

/** Negatives that a query brings into a batch, at most. */
export function drawnPerQuery({
  negatives,
  negativesPerQuery,
}: Pick<TrainSpec, 'negatives' | 'negativesPerQuery'>): number {
  return negatives === 'none' ? 0 : negativesPerQuery;
}
