// A quad of op(A) from row `row` and depth `k` on: along the rows where A lies transposed, else along the depth.
fn loadOpA(row: u32, k: u32) -> vec4f {
#if transposedA
  return loadA(k, row, u.depth, u.rows);
#else
  return loadA(row, k, u.rows, u.depth);
#end
}

// Quad `c` of op(B) from depth `k` and column `column` on: along the depth where B lies transposed, else along the columns.
fn loadOpB(k: u32, column: u32, c: u32) -> vec4f {
#if transposedB
  return loadB(column + c, k, u.columns, u.depth);
#else
  return loadB(k + c, column, u.depth, u.columns);
#end
}
