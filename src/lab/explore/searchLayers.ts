import { type LayerVectors, vectorsAt } from './layerVectors.ts';

/** What one layer finds for one query. */
export interface LayerList {
  readonly layer: number;
  /** (N): cosine similarity of the query with every document. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** Rows of the best documents, best first. */
  readonly documents: readonly number[];
}

/**
 * The cosine similarity of one query with every document at every layer, and the first `depth` documents.
 * Four sums run side by side, which lets the processor overlap them.
 * @param documents unit vectors (L, N, C) @param query unit vectors (L, 1, C) of the same model
 * @param tieRanks (N) rank of each document under the tie rule; null is document order
 */
export function searchLayers(
  documents: LayerVectors,
  query: LayerVectors,
  depth: number,
  tieRanks: Int32Array | null,
): LayerList[] {
  return documents.layers.map((layer, position) => {
    const scores = cosines(vectorsAt(documents, position), vectorsAt(query, position));
    return { layer, scores, documents: best(scores, depth, tieRanks) };
  });
}

/** Dot products of (N, C) with (C). */
function cosines(documents: Float32Array, query: Float32Array): Float32Array<ArrayBuffer> {
  const size = query.length;
  const scores = new Float32Array(size > 0 ? documents.length / size : 0);
  const fours = size - (size % 4);
  for (let row = 0, at = 0; row < scores.length; row++, at += size) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < fours; i += 4) {
      a += documents[at + i]! * query[i]!;
      b += documents[at + i + 1]! * query[i + 1]!;
      c += documents[at + i + 2]! * query[i + 2]!;
      d += documents[at + i + 3]! * query[i + 3]!;
    }
    for (let i = fours; i < size; i++) a += documents[at + i]! * query[i]!;
    scores[row] = a + b + (c + d);
  }
  return scores;
}

/** Whether document `a` stands before document `b`. */
export function standsBefore(
  scores: Float32Array,
  tieRanks: Int32Array | null,
  a: number,
  b: number,
): boolean {
  if (scores[a] !== scores[b]) return scores[a]! > scores[b]!;
  return tieRanks ? tieRanks[a]! < tieRanks[b]! : a < b;
}

/** Rows of the first `depth` documents by score, best first; insertion suits lists as short as those on a page. */
function best(scores: Float32Array, depth: number, tieRanks: Int32Array | null): number[] {
  const list: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    if (list.length === depth && !(depth > 0 && standsBefore(scores, tieRanks, row, list[depth - 1]!)))
      continue;
    if (list.length === depth) list.pop();
    let at = list.length;
    while (at > 0 && standsBefore(scores, tieRanks, row, list[at - 1]!)) at--;
    list.splice(at, 0, row);
  }
  return list;
}
