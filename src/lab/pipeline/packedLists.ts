import { joinBytes } from '../../base/bytes.ts';
import type { Ranking } from '../../search/searcher.ts';

/** Lists as bytes: for each layer the documents (int32), then the scores (float32). */
export function packLists(rankings: readonly Ranking[]): Uint8Array<ArrayBuffer> {
  return joinBytes(rankings.flatMap(({ documents, scores }) => [documents, scores]));
}

/** @param layers of equally many entries */
export function unpackLists(bytes: Uint8Array, layers: number): Ranking[] {
  // A copy of its own: numbers must be aligned, and what Node reads is a view of a larger buffer.
  const { buffer } = new Uint8Array(bytes);
  const size = bytes.length / layers / 2;
  return Array.from({ length: layers }, (_, layer) => ({
    documents: new Int32Array(buffer.slice(2 * layer * size, (2 * layer + 1) * size)),
    scores: new Float32Array(buffer.slice((2 * layer + 1) * size, 2 * (layer + 1) * size)),
  }));
}
