export interface Batch {
  readonly queries: number;
  readonly columns: number;
  /** Query vectors, then document vectors, not normalised. */
  readonly vectors: Float64Array;
}

export interface Scored extends Batch {
  /** Of each query the numbers of its documents, the positive first. */
  readonly candidates: readonly (readonly number[])[];
  readonly teacher: readonly (readonly number[])[];
  readonly scale: number;
}

export interface LossAndGradient {
  readonly losses: Float64Array;
  readonly gradient: Float64Array;
}

/** One loss a text, and the gradient of their mean at the vectors. */
export function squaredError({ columns, vectors }: Batch, teacher: ArrayLike<number>): LossAndGradient {
  const texts = vectors.length / columns;
  const losses = new Float64Array(texts);
  const gradient = new Float64Array(vectors.length);
  for (let at = 0; at < vectors.length; at++) {
    const off = vectors[at]! - teacher[at]!;
    losses[Math.floor(at / columns)]! += (off * off) / columns;
    gradient[at] = (2 * off) / (texts * columns);
  }
  return { losses, gradient };
}

/** A query's loss of its scores, and the gradient at them. */
type OfScores = (
  scores: readonly number[],
  teacher: readonly number[],
) => { loss: number; slopes: readonly number[] };

export const marginMse: OfScores = (scores, teacher) => {
  const off = scores.map((score, k) => scores[0]! - score - (teacher[0]! - teacher[k]!));
  const count = Math.max(1, scores.length - 1);
  const slopes = off.map((one) => (-2 * one) / count);
  slopes[0] = -slopes.reduce((sum, one) => sum + one, 0);
  return { loss: off.reduce((sum, one) => sum + one * one, 0) / count, slopes };
};

export const klDivergence =
  (temperature: number): OfScores =>
  (scores, teacher) => {
    const logSoftmax = (values: readonly number[]): number[] => {
      const logSum = Math.log(values.reduce((sum, one) => sum + Math.exp(one / temperature), 0));
      return values.map((one) => one / temperature - logSum);
    };
    const [own, its] = [logSoftmax(scores), logSoftmax(teacher)];
    return {
      loss: temperature ** 2 * its.reduce((sum, one, k) => sum + Math.exp(one) * (one - own[k]!), 0),
      slopes: own.map((one, k) => temperature * (Math.exp(one) - Math.exp(its[k]!))),
    };
  };

/** One loss a query, and the gradient of their mean at the vectors. */
export function ofCandidates(given: Scored, ofScores: OfScores): LossAndGradient {
  const { queries, columns, vectors, candidates, teacher, scale } = given;
  const lengths = Array.from({ length: vectors.length / columns }, (_, row) =>
    Math.hypot(...vectors.subarray(row * columns, (row + 1) * columns)),
  );
  const unit = vectors.map((value, at) => value / lengths[Math.floor(at / columns)]!);
  const atUnit = new Float64Array(vectors.length);
  const losses = new Float64Array(queries);
  for (let q = 0; q < queries; q++) {
    const rows = candidates[q]!.map((document) => queries + document);
    const scores = rows.map((row) => {
      let dot = 0;
      for (let i = 0; i < columns; i++) dot += unit[q * columns + i]! * unit[row * columns + i]!;
      return scale * dot;
    });
    const { loss, slopes } = ofScores(scores, teacher[q]!);
    losses[q] = loss;
    for (const [k, row] of rows.entries()) {
      const slope = (scale * slopes[k]!) / queries;
      for (let i = 0; i < columns; i++) {
        atUnit[q * columns + i]! += slope * unit[row * columns + i]!;
        atUnit[row * columns + i]! += slope * unit[q * columns + i]!;
      }
    }
  }
  const gradient = atUnit.map((value, at) => {
    const row = Math.floor(at / columns);
    let along = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) along += unit[i]! * atUnit[i]!;
    return (value - unit[at]! * along) / lengths[row]!;
  });
  return { losses, gradient };
}
