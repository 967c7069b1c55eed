// Updates weights (count) by their gradient (count), clipped by the factor that clip.wgsl left in stats.
#include "adamw"

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * $threads + local.x;
  if (i >= u.count || stats[0].w == 0.0) { return; }
  adamw(i, gradient[i] * stats[0].z);
}
