import { standsBefore } from './searchLayers.ts';

/** The ranks of one document through the layers of a model, counted from 1. */
export interface RankLine {
  readonly document: number;
  /** One a layer, in the order of the lists. */
  readonly ranks: readonly number[];
}

/**
 * Where chosen documents stand at every layer: 1 plus the number of documents that stand before them.
 * @param lists each layer's scores (N)
 */
export function rankFlow(
  lists: readonly { readonly scores: Float32Array }[],
  documents: readonly number[],
  tieRanks: Int32Array | null,
): RankLine[] {
  return documents.map((document) => ({
    document,
    ranks: lists.map(({ scores }) => rankOf(scores, document, tieRanks)),
  }));
}

function rankOf(scores: Float32Array, document: number, tieRanks: Int32Array | null): number {
  let rank = 1;
  for (let row = 0; row < scores.length; row++) {
    if (row !== document && standsBefore(scores, tieRanks, row, document)) rank++;
  }
  return rank;
}
