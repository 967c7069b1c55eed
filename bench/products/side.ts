import type { MatmulShape } from '../../src/gpu/kernels/matmul/matmul.ts';

/** One way to multiply two matrices that lie on the device, C = A B. */
export interface ProductSide {
  readonly name: string;
  /** So many products in a row, until all are done. */
  run(repeats: number): Promise<void>;
  /** C, row by row. */
  result(): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** [rows, depth] and [depth, columns] */
export interface ProductOperands {
  readonly shape: MatmulShape;
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}
