// C (M, N) = A (M, K) B (N, K)ᵀ, one element an invocation: what a first attempt does.
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
