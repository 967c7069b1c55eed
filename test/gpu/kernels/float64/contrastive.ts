export interface ContrastiveInput {
  readonly queries: number;
  readonly documents: number;
  readonly columns: number;
  /** Query vectors, then document vectors, not normalised. */
  readonly vectors: Float64Array;
  readonly scale: number;
}

function unitRows(vectors: Float64Array, columns: number): { unit: Float64Array; lengths: number[] } {
  const unit = new Float64Array(vectors.length);
  const lengths: number[] = [];
  for (let at = 0; at < vectors.length; at += columns) {
    const length = Math.hypot(...vectors.subarray(at, at + columns));
    lengths.push(length);
    for (let i = at; i < at + columns; i++) unit[i] = vectors[i]! / length;
  }
  return { unit, lengths };
}

/** MultipleNegativesRankingLoss: one loss a query, and the gradient of their mean at the vectors. */
export function contrastive({ queries, documents, columns, vectors, scale }: ContrastiveInput): {
  losses: Float64Array;
  gradient: Float64Array;
} {
  const { unit, lengths } = unitRows(vectors, columns);
  const losses = new Float64Array(queries);
  const atUnit = new Float64Array(vectors.length);
  for (let q = 0; q < queries; q++) {
    const scores = Float64Array.from({ length: documents }, (_, d) => {
      let dot = 0;
      for (let i = 0; i < columns; i++) dot += unit[q * columns + i]! * unit[(queries + d) * columns + i]!;
      return scale * dot;
    });
    const highest = Math.max(...scores);
    const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
    losses[q] = highest + Math.log(sum) - scores[q]!;
    for (let d = 0; d < documents; d++) {
      const p = Math.exp(scores[d]! - highest) / sum;
      const slope = ((p - (d === q ? 1 : 0)) * scale) / queries;
      for (let i = 0; i < columns; i++) {
        const a = q * columns + i;
        const b = (queries + d) * columns + i;
        atUnit[a] = atUnit[a]! + slope * unit[b]!;
        atUnit[b] = atUnit[b]! + slope * unit[a]!;
      }
    }
  }
  const gradient = new Float64Array(vectors.length);
  for (const [row, length] of lengths.entries()) {
    const from = row * columns;
    let along = 0;
    for (let i = from; i < from + columns; i++) along += unit[i]! * atUnit[i]!;
    for (let i = from; i < from + columns; i++) gradient[i] = (atUnit[i]! - unit[i]! * along) / length;
  }
  return { losses, gradient };
}
