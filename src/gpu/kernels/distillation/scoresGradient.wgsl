// From slopes (Q, K), the gradient at the cosines of scores.wgsl, to `gradient` (N, C) at the unit vectors: a query's row
// is the sum over its candidates of slope n_d, and each candidate's, which is no other query's, slope n_q.
#include "values"

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "unit"
  let asked = normal[row * u.width + i];
  var sum = $value(0.0);
  for (var k = row * u.most; k < (row + 1u) * u.most; k++) {
    let document = candidates[k];
    if (document == 0xffffffffu) { continue; }
    sum += slopes[k] * normal[document * u.width + i];
    gradient[document * u.width + i] = slopes[k] * asked;
  }
  gradient[row * u.width + i] = sum;
}
