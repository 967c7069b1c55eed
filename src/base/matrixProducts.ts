/** Rows of two matrices of one width. */
export interface ProductsShape {
  readonly rows: number;
  readonly others: number;
  readonly width: number;
}

/**
 * Inner products of the rows [rows, width] of one matrix with those of another, [others, width], in float32 and in any
 * order of summation. @returns [rows, others]; the same memory in every call
 */
export type MatrixProducts = (
  a: Float32Array,
  b: Float32Array,
  shape: ProductsShape,
) => Promise<Float32Array>;
