// What data moves at, at best: every invocation copies four values.
struct Parameters {
  base: u32,
  count: u32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> copied: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * 64u + local.x;
  if (i < u.count) { copied[i] = source[i]; }
}
