import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Directions of largest spread, most first. */
export interface PrincipalDirections {
  /** (k, C) orthonormal rows. */
  readonly directions: Float64Array<ArrayBuffer>;
  /** Sums of squares along each direction, of all C; for centred values the variance times N - 1. */
  readonly squares: readonly number[];
  readonly mean: Float64Array<ArrayBuffer>;
}

/**
 * The right singular vectors of (N, C), from the eigenvectors of its Gram matrix (C, C): C is at most a few
 * hundred or thousand where N is the size of a vocabulary or of a collection. Signs are fixed by the largest
 * component of a direction being positive.
 * @param centred whether the mean row is taken off first (principal components) or not (singular directions)
 */
export function principalDirections(
  values: ArrayLike<number>,
  columns: number,
  k: number,
  centred: boolean,
): PrincipalDirections {
  const rows = values.length / columns;
  const mean = new Float64Array(columns);
  if (centred) {
    for (let at = 0; at < values.length; at++) mean[at % columns]! += values[at]! / rows;
  }
  const gram = new Float64Array(columns * columns);
  addToGram(gram, values, columns, mean);
  return { ...directionsOfGram(gram, columns, k), mean };
}

/**
 * The directions of values whose Gram matrix is known.
 * @param gram (C, C), of which {@link addToGram} fills the upper half
 */
export function directionsOfGram(
  gram: Float64Array,
  columns: number,
  k: number,
): Pick<PrincipalDirections, 'directions' | 'squares'> {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric(gram, columns), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((_, index) => index)
    .sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const directions = new Float64Array(Math.min(k, columns) * columns);
  for (let d = 0; d < Math.min(k, columns); d++) {
    const vector = eigenvectorMatrix.getColumn(order[d]!);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    for (let i = 0; i < columns; i++) directions[d * columns + i] = largest < 0 ? -vector[i]! : vector[i]!;
  }
  return { directions, squares: order.map((index) => Math.max(0, realEigenvalues[index]!)) };
}

/** Adds the products of the columns of values (N, C), less their mean, to the upper half of a Gram matrix (C, C). */
export function addToGram(
  gram: Float64Array,
  values: ArrayLike<number>,
  columns: number,
  mean: ArrayLike<number>,
): void {
  const row = new Float64Array(columns);
  for (let at = 0; at < values.length; at += columns) {
    for (let i = 0; i < columns; i++) row[i] = values[at + i]! - mean[i]!;
    for (let i = 0; i < columns; i++) {
      const factor = row[i]!;
      for (let j = i; j < columns; j++) gram[i * columns + j]! += factor * row[j]!;
    }
  }
}

function symmetric(gram: Float64Array, columns: number): Matrix {
  const matrix = Matrix.zeros(columns, columns);
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      matrix.set(i, j, gram[i * columns + j]!);
      matrix.set(j, i, gram[i * columns + j]!);
    }
  }
  return matrix;
}

/** Coordinates (N, k) of values (N, C) along directions, from their mean. */
export function project(
  values: ArrayLike<number>,
  columns: number,
  { directions, mean }: Pick<PrincipalDirections, 'directions' | 'mean'>,
): Float64Array<ArrayBuffer> {
  const rows = values.length / columns;
  const k = directions.length / columns;
  const out = new Float64Array(rows * k);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < k; d++) {
      let sum = 0;
      for (let i = 0; i < columns; i++) {
        sum += (values[row * columns + i]! - mean[i]!) * directions[d * columns + i]!;
      }
      out[row * k + d] = sum;
    }
  }
  return out;
}
