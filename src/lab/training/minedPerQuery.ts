/** Negatives that sentence-transformers' train_bi-encoder_mnrl.py takes of each system, `num_negs_per_system`. */
export const negativesMined = 5;

/** Passages that are mined for a query of which each epoch draws so many. */
export function minedPerQuery(negativesPerQuery: number): number {
  return Math.max(negativesMined, negativesPerQuery);
}
