import type { Ranking } from '../../search/searcher.ts';

/** Lists as bytes: for each layer the documents (int32), then the scores (float32). */
export function packLists(rankings: readonly Ranking[]): Uint8Array<ArrayBuffer> {
  const pieces = rankings.flatMap(({ documents, scores }) => [documents, scores]);
  const all = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of pieces) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return all;
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
