import type { LayerSimilarity } from './inspectPair.ts';
import type { SeenAttention, SeenAttentionLayer, SeenPair } from './seenPair.ts';
import { type JoinedWord, joinMatrix, joinWordPieces, plainToken } from './wordPieces.ts';

/** A matrix of the query's tokens or words by the document's. */
export interface TokenGrid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** (rows, columns) */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Similarities of one layer, and what MaxSim takes of them. */
export interface SimilarityGrid extends TokenGrid {
  /** One a row: what it adds to MaxSim, a word what its tokens add. */
  readonly parts: readonly number[];
  /** The sum of the parts. */
  readonly score: number;
  /** One a row: the column that is most like it. */
  readonly best: readonly number[];
}

/** Words of tokens, or each token by itself. */
function wordsOf(tokens: readonly string[], joined: boolean): readonly JoinedWord[] {
  return joined
    ? joinWordPieces(tokens)
    : tokens.map((token, at) => ({ text: plainToken(token) || token, from: at, to: at + 1 }));
}

const textsOf = (words: readonly JoinedWord[]): string[] => words.map(({ text }) => text);

/** @param joined word pieces joined to words */
export function similarityGrid(
  { query, document }: SeenPair['apart']['ce'],
  { similarity, maxSim }: LayerSimilarity,
  joined: boolean,
): SimilarityGrid {
  const rows = wordsOf(query.tokens, joined);
  const columns = wordsOf(document.tokens, joined);
  const values = joinMatrix(similarity.values, similarity.columns, rows, columns);
  const best = rows.map((_, row) => {
    const line = values.subarray(row * columns.length, (row + 1) * columns.length);
    return line.indexOf(Math.max(...line));
  });
  return {
    rows: textsOf(rows),
    columns: textsOf(columns),
    values,
    parts: rows.map(({ from, to }) => maxSim.parts.slice(from, to).reduce((sum, part) => sum + part, 0)),
    score: maxSim.score,
    best,
  };
}

/** Attention both ways, query by document: of the way back too, the query's tokens are the rows. */
export interface AttentionGrids {
  readonly toDocument: TokenGrid;
  readonly toQuery: TokenGrid;
}

/** @param head null for the mean of all @param joined word pieces joined to words */
export function attentionGrids(
  { query, document }: SeenPair['across'],
  { heads }: SeenAttention,
  layer: SeenAttentionLayer,
  head: number | null,
  joined: boolean,
): AttentionGrids {
  const rows = wordsOf(query.tokens, joined);
  const columns = wordsOf(document.tokens, joined);
  const names = { rows: textsOf(rows), columns: textsOf(columns) };
  const toDocument = ofHead(layer.toDocument, heads, head);
  const toQuery = ofHead(layer.toQuery, heads, head);
  const back = joinMatrix(toQuery, query.tokens.length, columns, rows, 'sum');
  return {
    toDocument: {
      ...names,
      values: joinMatrix(toDocument, document.tokens.length, rows, columns, 'sum'),
    },
    toQuery: { ...names, values: transposed(back, columns.length, rows.length) },
  };
}

/** One head of (H, …), or the mean of all. */
function ofHead(all: Float32Array<ArrayBuffer>, heads: number, head: number | null): Float32Array {
  const size = all.length / heads;
  if (head !== null) return all.subarray(head * size, (head + 1) * size);
  const mean = new Float32Array(size);
  for (let at = 0; at < all.length; at++) mean[at % size]! += all[at]! / heads;
  return mean;
}

/** (rows, columns) as (columns, rows). */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = values[row * columns + column]!;
    }
  }
  return out;
}
