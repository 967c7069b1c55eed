import type { MatmulShape } from '../../../../src/gpu/kernels/matmul/matmul.ts';
import type { Orientation } from '../../../../src/gpu/kernels/matmul/variants.ts';

/** op(A) op(B), the operands laid out as the orientation says. @see src/gpu/kernels/matmul */
export function product(
  orientation: Orientation,
  { rows, columns, depth }: MatmulShape,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        const left = orientation === 'tn' ? a[k * rows + i]! : a[i * depth + k]!;
        const right = orientation === 'nt' ? b[j * depth + k]! : b[k * columns + j]!;
        sum += left * right;
      }
      c[i * columns + j] = sum;
    }
  }
  return c;
}
