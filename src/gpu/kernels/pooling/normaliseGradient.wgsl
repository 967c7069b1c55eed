// dx = (dn - n (n · dn)) / |x| of n = x / |x|, row by row. `gradient` (N, C) holds dn and then, in its place, dx.
#include "values"
#include "sumOfLanes" part=f32

@compute @workgroup_size($lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = u.base + group.x;
  let first = row * u.width;
  var part = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    part += total(normal[first + i] * gradient[first + i]);
  }
  let sum = sumOfRow(part, local);
  for (var i = local.x; i < u.width; i += $lanes) {
    gradient[first + i] = (gradient[first + i] - normal[first + i] * sum) / lengths[row];
  }
}
