// Updates rows of a table (V, C) by gradient (slots, C): a row's gradient lies in the slot that slots (V) names, and
// is 0 where the batch does not touch the row.
#include "adamw"

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * $threads + local.x;
  if (i >= u.count || stats[0].w == 0.0) { return; }
  let slot = slots[u.firstRow + i / u.width];
  var g = $value(0.0);
  if (slot != 0xffffffffu) { g = gradient[slot * u.width + i % u.width] * stats[0].z; }
  adamw(i, g);
}
