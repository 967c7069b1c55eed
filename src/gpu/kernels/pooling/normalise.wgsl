// normal (N, C) = pooled (N, C) / max(|pooled|, 1e-12), row by row; lengths (N) keeps the divisors.
#include "values"
#include "sumOfLanes" part=f32

@compute @workgroup_size($lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = u.base + group.x;
  let first = row * u.width;
  var part = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    part += total(pooled[first + i] * pooled[first + i]);
  }
  let size = max(sqrt(sumOfRow(part, local)), 1e-12);
  if (local.x == 0u) { lengths[row] = size; }
  for (var i = local.x; i < u.width; i += $lanes) {
    normal[first + i] = pooled[first + i] / size;
  }
}
