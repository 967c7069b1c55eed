import type { Batching } from '../models/batching.ts';

/**
 * Cuts texts, given by their token counts, into batches of near-equal length, so that padded tokens and runs together
 * cost least: over texts in the order of their lengths, cost(i) = min over j of cost(j) + run + (i - j) length(j).
 * A batch's padded size stays within bounds; a text longer than that has a batch of its own. Longest first, so that a
 * device that runs out of memory does so at once.
 * @returns indices into `lengths`, one array a batch
 */
export function batchesByLength(lengths: readonly number[], { tokens, run }: Batching): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  /** Of the first texts of the order the least cost, and where the last of its batches begins. */
  const costs = new Float64Array(order.length + 1);
  const begins = new Int32Array(order.length + 1);
  for (let end = 1; end <= order.length; end++) {
    costs[end] = Number.POSITIVE_INFINITY;
    for (let begin = end - 1; begin >= 0; begin--) {
      const padded = (end - begin) * lengths[order[begin]!]!;
      // Going back, batches only grow, in texts and in length.
      if (padded > tokens && end - begin > 1) break;
      const cost = costs[begin]! + run + padded;
      if (cost < costs[end]!) {
        costs[end] = cost;
        begins[end] = begin;
      }
    }
  }
  const batches: number[][] = [];
  for (let end = order.length; end > 0; end = begins[end]!) batches.push(order.slice(begins[end], end));
  return batches.reverse();
}
