// What data moves at, at best: every invocation copies four values.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * 64u + local.x;
  if (i < u.count) { copied[i] = source[i]; }
}
