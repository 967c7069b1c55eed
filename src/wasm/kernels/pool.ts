import { multiplyAdd } from './multiplyAdd';

/**
 * y_c = sum_t w_t x_tc of the states (tokens, width) of one text.
 * @param width a multiple of 4
 */
export function pool(to: usize, states: usize, weights: usize, tokens: i32, width: i32): void {
  const length = (<usize>width) << 2;
  for (let i: usize = 0; i < length; i += 16) {
    let sum = f32x4.splat(0);
    let at = states + i;
    for (let token = 0; token < tokens; token++) {
      sum = multiplyAdd(v128.load32_splat(weights + ((<usize>token) << 2)), v128.load(at), sum);
      at += length;
    }
    v128.store(to + i, sum);
  }
}
