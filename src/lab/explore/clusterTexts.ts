import { kmeansGenerator } from 'ml-kmeans';
import { Breath } from '../../base/yielding.ts';

/** Colours that are told apart without effort are about this many. */
export const clusterCount = 8;

const mostIterations = 50;

/**
 * Clusters of texts by k-means (k-means++ from a fixed seed), the largest first: the same every time.
 * @param values (N, C)
 * @returns each text's cluster, from 0
 * @throws Cancelled when the signal is aborted
 */
export async function clusterTexts(
  values: Float32Array,
  columns: number,
  count: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const rows = values.length / columns;
  const k = Math.min(count, rows);
  if (k < 2) return new Uint8Array(rows);
  const data = Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * columns, (row + 1) * columns),
  ]);
  const breath = new Breath(signal);
  let clusters: readonly number[] = [];
  for (const result of kmeansGenerator(data, k, { seed: 1, maxIterations: mostIterations })) {
    clusters = result.clusters;
    if (breath.due) await breath.take();
  }
  const sizes = new Int32Array(k);
  for (const cluster of clusters) sizes[cluster]!++;
  const order = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const place = new Uint8Array(k);
  for (const [at, cluster] of order.entries()) place[cluster] = at;
  return Uint8Array.from(clusters, (cluster) => place[cluster]!);
}
