import { UMAP } from 'umap-js';
import { generator } from '../../base/random.ts';
import { UserError } from '../../base/userError.ts';
import { Breath } from '../../base/yielding.ts';
import { alignedTo } from './layerMaps.ts';
import { nearestTexts } from './nearestTexts.ts';

/** As in McInnes et al., arXiv 1802.03426, with a fixed number of epochs. */
export const umapSettings = { neighbours: 15, minDist: 0.1, epochs: 200, seed: 1 } as const;

export interface UmapOptions {
  readonly signal: AbortSignal;
  /** @param share of the work that is done, 0 to 1 */
  readonly onProgress?: (share: number) => void;
}

/** Of all work the share that finding neighbours takes, roughly. */
const searchShare = 0.4;

/** How wide UMAP's own random start is; starting from the principal components needs the same scale. */
const startSpread = 10;

/**
 * Texts of one layer by UMAP, from exact neighbours, begun at their principal components and turned onto them, so
 * that layers can be compared; the same every time.
 * @param values (N, C) @param start (N, 2), of unit spread
 * @returns (N, 2), of unit spread
 * @throws Cancelled when the signal is aborted, UserError for fewer texts than neighbours
 */
export async function umapPoints(
  values: Float32Array,
  columns: number,
  start: Float64Array,
  { signal, onProgress }: UmapOptions,
): Promise<Float64Array<ArrayBuffer>> {
  const count = start.length / 2;
  const { neighbours, minDist, epochs, seed } = umapSettings;
  if (count <= neighbours) {
    throw new UserError(
      `UMAP needs more than ${neighbours} texts, and the collection has ${count}; choose PCA.`,
    );
  }
  const near = await nearestTexts(values, columns, {
    of: Array.from({ length: count }, (_, row) => row),
    // A text is the first of its own neighbours.
    k: neighbours - 1,
    signal,
    onProgress: (done) => onProgress?.((searchShare * done) / count),
  });
  const random = generator(seed);
  const umap = new UMAP({
    nNeighbors: neighbours,
    minDist,
    nEpochs: epochs,
    random: () => (random.next() >>> 0) / 2 ** 32,
  });
  umap.setPrecomputedKNN(
    near.rows.map((rows, row) => [row, ...rows]),
    near.distances.map((distances) => [0, ...distances]),
  );
  // Of the vectors themselves it only counts the rows once neighbours are known.
  umap.initializeFit(Array.from({ length: count }, () => []));
  const rows = umap.getEmbedding();
  for (const [row, point] of rows.entries()) {
    point[0] = start[2 * row]! * startSpread;
    point[1] = start[2 * row + 1]! * startSpread;
  }
  const breath = new Breath(signal);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (breath.due) {
      onProgress?.(searchShare + ((1 - searchShare) * (epoch + 1)) / epochs);
      await breath.take();
    }
  }
  return alignedTo(Float64Array.from(umap.getEmbedding().flat()), start);
}

/** Roughly what a layer of so many texts takes on two cores; neighbours grow with the square. */
export function umapSeconds(count: number): number {
  return 1 + count * 0.004 + (count / 2500) ** 2;
}
