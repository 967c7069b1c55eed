// Adds planes in their order:
//   sums[writeAt + i] = (accumulate ? sums[writeAt + i] : 0) + sum over s of planes[readAt + s stride + i]
struct Parameters {
  base: u32,
  // Of units of value: four neighbours where planes allow it. So are all places below.
  count: u32,
  stride: u32,
  planes: u32,
  accumulate: u32,
  readAt: u32,
  writeAt: u32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
@group(0) @binding(1) var<storage, read> planes: array<$value>;
@group(0) @binding(2) var<storage, read_write> sums: array<$value>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * 64u + local.x;
  if (i >= u.count) { return; }
  var sum = $value(0.0);
  if (u.accumulate != 0u) { sum = sums[u.writeAt + i]; }
  for (var s = 0u; s < u.planes; s++) {
    sum += planes[u.readAt + s * u.stride + i];
  }
  sums[u.writeAt + i] = sum;
}
