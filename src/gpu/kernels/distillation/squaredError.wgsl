// losses[m] = the mean over C of (x - t)², text by text: x (N, C) are pooled vectors, t (M, C) a teacher's, M = queries +
// documents. A query's vector lies in its own row of x, a document's from row `firstDocument` on. `gradient` (N, C) is
// 2 (x - t) slope, where slope is the loss scale over M C.
#include "values"
#include "sumOfLanes" part=f32

@compute @workgroup_size($lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let text = u.base + group.x;
  let row = select(u.firstDocument + text - u.queries, text, text < u.queries);
  var part = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    let off = pooled[row * u.width + i] - teacher[text * u.width + i];
    part += total(off * off);
    gradient[row * u.width + i] = 2.0 * u.slope * off;
  }
  let sum = sumOfRow(part, local);
  if (local.x == 0u) { losses[text] = sum / u.columns; }
}
