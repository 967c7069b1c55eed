// C[rows, columns] = A[rows, depth] B[columns, depth]^T, one element an invocation: what a first attempt does.
struct Parameters {
  base: u32,
  rows: u32,
  columns: u32,
  depth: u32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = (u.base + group.x) * 64u + local.x;
  if (at >= u.rows * u.columns) { return; }
  let row = at / u.columns;
  let column = at % u.columns;
  var sum = 0.0;
  for (var k = 0u; k < u.depth; k++) {
    sum += a[row * u.depth + k] * b[column * u.depth + k];
  }
  c[at] = sum;
}
