import { expOfNegative } from './exp';
import { maxOfLanes, sumOfLanes } from './lanes';

/**
 * y_j = e^(s (x_j - max x)) / sum_k e^(s (x_k - max x)) over the first `columns` numbers of each of `rows` rows, in place;
 * those from there to `rowLength`, a multiple of 4, become 0.
 */
export function softmax(at: usize, rowLength: i32, rows: i32, columns: i32, scale: f32): void {
  const end = (<usize>rowLength) << 2;
  const factor = f32x4.splat(scale);
  for (let row = 0; row < rows; row++) {
    for (let column = columns; column < rowLength; column++) {
      f32.store(at + ((<usize>column) << 2), -Infinity);
    }
    let most = f32x4.splat(-Infinity);
    for (let i: usize = 0; i < end; i += 16) most = f32x4.pmax(most, v128.load(at + i));
    const largest = f32x4.splat(maxOfLanes(most));
    let sums = f32x4.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const y = expOfNegative(f32x4.mul(f32x4.sub(v128.load(at + i), largest), factor));
      sums = f32x4.add(sums, y);
      v128.store(at + i, y);
    }
    const share = f32x4.splat(<f32>1 / sumOfLanes(sums));
    for (let i: usize = 0; i < end; i += 16) v128.store(at + i, f32x4.mul(v128.load(at + i), share));
    for (let column = columns; column < rowLength; column++) f32.store(at + ((<usize>column) << 2), 0);
    at += end;
  }
}
