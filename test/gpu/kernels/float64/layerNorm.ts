export interface NormInput {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly epsilon: number;
}

function moments({ columns, x, epsilon }: NormInput, row: number): { mean: number; inverse: number } {
  const values = x.subarray(row * columns, (row + 1) * columns);
  const mean = values.reduce((sum, value) => sum + value, 0) / columns;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns;
  return { mean, inverse: 1 / Math.sqrt(variance + epsilon) };
}

export function layerNorm(input: NormInput): Float64Array {
  const { rows, columns, x, gamma, beta } = input;
  const y = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const { mean, inverse } = moments(input, row);
    for (let i = 0; i < columns; i++) {
      y[row * columns + i] = (x[row * columns + i]! - mean) * inverse * gamma[i]! + beta[i]!;
    }
  }
  return y;
}

export function layerNormGradient(
  input: NormInput,
  dy: Float64Array,
): { dx: Float64Array; dGamma: Float64Array; dBeta: Float64Array } {
  const { rows, columns, x, gamma } = input;
  const dx = new Float64Array(rows * columns);
  const dGamma = new Float64Array(columns);
  const dBeta = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const { mean, inverse } = moments(input, row);
    let meanE = 0;
    let meanEh = 0;
    for (let i = 0; i < columns; i++) {
      const h = (x[row * columns + i]! - mean) * inverse;
      const g = dy[row * columns + i]!;
      dGamma[i] = dGamma[i]! + g * h;
      dBeta[i] = dBeta[i]! + g;
      meanE += (g * gamma[i]!) / columns;
      meanEh += (g * gamma[i]! * h) / columns;
    }
    for (let i = 0; i < columns; i++) {
      const h = (x[row * columns + i]! - mean) * inverse;
      dx[row * columns + i] = inverse * (dy[row * columns + i]! * gamma[i]! - meanE - h * meanEh);
    }
  }
  return { dx, dGamma, dBeta };
}
