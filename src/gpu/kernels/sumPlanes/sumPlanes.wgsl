// sums (count) += planes (planes, count), added up in the planes' order.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * $threads + local.x;
  if (i >= u.count) { return; }
  var sum = sums[i];
  for (var s = 0u; s < u.planes; s++) {
    sum += planes[u.offset + s * u.stride + i];
  }
  sums[i] = sum;
}
