// losses[q] = the mean over a query's negatives d of ((s_0 - s_d) - (t_0 - t_d))²: s (Q, K) are the student's scores, t
// (Q, K) the teacher's, candidate 0 is the positive. In place of s comes its gradient times slope.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let query = (u.base + group.x) * $threads + local.x;
  if (query >= u.queries) { return; }
  let first = query * u.most;
  let end = first + u.most;
  var count = 0.0;
  for (var k = first + 1u; k < end; k++) {
    count += select(1.0, 0.0, candidates[k] == 0xffffffffu);
  }
  // A query without a negative has no margin, and teaches nothing.
  let share = 1.0 / max(count, 1.0);
  let positive = scores[first];
  var sum = 0.0;
  var slopes = 0.0;
  for (var k = first + 1u; k < end; k++) {
    let off = (positive - scores[k]) - (teacher[first] - teacher[k]);
    let isOne = candidates[k] != 0xffffffffu;
    sum += select(0.0, off * off * share, isOne);
    let slope = select(0.0, 2.0 * off * share * u.slope, isOne);
    slopes += slope;
    scores[k] = -slope;
  }
  losses[query] = sum;
  scores[first] = slopes;
}
