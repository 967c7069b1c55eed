import { multiplyAdd } from './multiplyAdd';

/**
 * C (rows, columns) = A (rows, inner) B (inner, columns) + bias (columns).
 *
 * A is packed as (rows / 6, inner, 6) and B as (columns / 8, inner, 8), so that a step reads 6 + 8 neighbours and makes
 * 48 products of them: 12 sums, two columns of B and one number of A fill the 16 registers of x86-64, which one more
 * would spill. A step is not unrolled, since compilers then read ahead into registers that they do not have.
 * The panel of B stays in the first cache while A's pass by.
 *
 * @param rowLength floats between rows of C. @param columns a multiple of 8. Rows are written up to a multiple of 6.
 */
export function matmul(
  c: usize,
  rowLength: i32,
  a: usize,
  b: usize,
  bias: usize,
  rows: i32,
  columns: i32,
  inner: i32,
): void {
  const row = (<usize>rowLength) << 2;
  const lengthOfA = (<usize>inner * 6) << 2;
  for (let column = 0; column < columns; column += 8) {
    const bias0 = v128.load(bias + ((<usize>column) << 2));
    const bias1 = v128.load(bias + ((<usize>column) << 2), 16);
    const panel = b + ((<usize>column * inner) << 2);
    let atA = a;
    for (let i = 0; i < rows; i += 6) {
      let c00 = bias0;
      let c01 = bias1;
      let c10 = bias0;
      let c11 = bias1;
      let c20 = bias0;
      let c21 = bias1;
      let c30 = bias0;
      let c31 = bias1;
      let c40 = bias0;
      let c41 = bias1;
      let c50 = bias0;
      let c51 = bias1;
      let atB = panel;
      const end = atA + lengthOfA;
      do {
        const b0 = v128.load(atB);
        const b1 = v128.load(atB, 16);
        const a0 = v128.load32_splat(atA);
        c00 = multiplyAdd(a0, b0, c00);
        c01 = multiplyAdd(a0, b1, c01);
        const a1 = v128.load32_splat(atA, 4);
        c10 = multiplyAdd(a1, b0, c10);
        c11 = multiplyAdd(a1, b1, c11);
        const a2 = v128.load32_splat(atA, 8);
        c20 = multiplyAdd(a2, b0, c20);
        c21 = multiplyAdd(a2, b1, c21);
        const a3 = v128.load32_splat(atA, 12);
        c30 = multiplyAdd(a3, b0, c30);
        c31 = multiplyAdd(a3, b1, c31);
        const a4 = v128.load32_splat(atA, 16);
        c40 = multiplyAdd(a4, b0, c40);
        c41 = multiplyAdd(a4, b1, c41);
        const a5 = v128.load32_splat(atA, 20);
        c50 = multiplyAdd(a5, b0, c50);
        c51 = multiplyAdd(a5, b1, c51);
        atA += 24;
        atB += 32;
      } while (atA !== end);
      let at = c + ((<usize>i * rowLength + column) << 2);
      v128.store(at, c00);
      v128.store(at, c01, 16);
      at += row;
      v128.store(at, c10);
      v128.store(at, c11, 16);
      at += row;
      v128.store(at, c20);
      v128.store(at, c21, 16);
      at += row;
      v128.store(at, c30);
      v128.store(at, c31, 16);
      at += row;
      v128.store(at, c40);
      v128.store(at, c41, 16);
      at += row;
      v128.store(at, c50);
      v128.store(at, c51, 16);
    }
  }
}
