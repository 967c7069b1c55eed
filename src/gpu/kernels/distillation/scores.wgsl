// scores (Q, K) = scale n_q · n_d, of each query's candidates d. candidates (Q, K) are their rows of normal (N, C),
// 0xffffffff where a query has fewer; a query's own vector is row q. One score a workgroup.
#include "values"
#include "sumOfLanes" part=f32

@compute @workgroup_size($lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = u.base + group.x;
  let query = at / u.most;
  // Where there is no candidate the query meets itself, so that every invocation reaches the barrier.
  let isNone = candidates[at] == 0xffffffffu;
  let document = select(candidates[at], query, isNone);
  var part = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    part += total(normal[query * u.width + i] * normal[document * u.width + i]);
  }
  let sum = sumOfRow(part, local);
  if (local.x == 0u) { scores[at] = select(u.scale * sum, 0.0, isNone); }
}
