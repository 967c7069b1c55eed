import { sumOfLanes } from './lanes';

/**
 * y = (x - mean) / sqrt(variance + epsilon) gamma + beta over the `width` numbers at `at`, in place. The mean is taken
 * off before squares are summed, as PyTorch does.
 * @param width a multiple of 4
 */
function normalise(at: usize, gamma: usize, beta: usize, width: i32, epsilon: f32): void {
  const end = (<usize>width) << 2;
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < end; i += 16) sums = f32x4.add(sums, v128.load(at + i));
  const mean = f32x4.splat(sumOfLanes(sums) / <f32>width);
  let squares = f32x4.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const x = f32x4.sub(v128.load(at + i), mean);
    squares = f32x4.add(squares, f32x4.mul(x, x));
  }
  const factor = f32x4.splat(<f32>1 / sqrt(sumOfLanes(squares) / <f32>width + epsilon));
  for (let i: usize = 0; i < end; i += 16) {
    const x = f32x4.mul(f32x4.sub(v128.load(at + i), mean), factor);
    v128.store(at + i, f32x4.add(f32x4.mul(x, v128.load(gamma + i)), v128.load(beta + i)));
  }
}

/** LayerNorm of x + residual, (rows, width) each, in place of x. @param width a multiple of 4 */
export function addAndNorm(
  x: usize,
  residual: usize,
  gamma: usize,
  beta: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const length = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    for (let i: usize = 0; i < length; i += 16) {
      v128.store(x + i, f32x4.add(v128.load(x + i), v128.load(residual + i)));
    }
    normalise(x, gamma, beta, width, epsilon);
    x += length;
    residual += length;
  }
}

/**
 * The embedding layer: LayerNorm of a token's word, position and kind, (tokens, width).
 * @param ids int32 of each token: its word, its position, its kind
 * @param width a multiple of 4
 */
export function embed(
  to: usize,
  ids: usize,
  words: usize,
  positions: usize,
  kinds: usize,
  gamma: usize,
  beta: usize,
  tokens: i32,
  width: i32,
  epsilon: f32,
): void {
  const length = (<usize>width) << 2;
  for (let token = 0; token < tokens; token++) {
    const word = words + <usize>load<i32>(ids) * length;
    const position = positions + <usize>load<i32>(ids, 4) * length;
    const kind = kinds + <usize>load<i32>(ids, 8) * length;
    for (let i: usize = 0; i < length; i += 16) {
      const typed = f32x4.add(v128.load(word + i), v128.load(kind + i));
      v128.store(to + i, f32x4.add(typed, v128.load(position + i)));
    }
    normalise(to, gamma, beta, width, epsilon);
    ids += 12;
    to += length;
  }
}
