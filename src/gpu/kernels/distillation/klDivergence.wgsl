// losses[q] = T² sum_d p_d (log p_d - log r_d) over a query's candidates d, where p = softmax(t / T) of the teacher's
// scores t (Q, K) and r = softmax(s / T) of the student's s (Q, K). In place of s comes its gradient T (r - p) times slope.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let query = (u.base + group.x) * $threads + local.x;
  if (query >= u.queries) { return; }
  let first = query * u.most;
  let end = first + u.most;
  // Student and teacher side by side.
  var highest = vec2f(-3.4e38);
  for (var k = first; k < end; k++) {
    if (candidates[k] != 0xffffffffu) { highest = max(highest, vec2f(scores[k], teacher[k])); }
  }
  var sum = vec2f(0.0);
  for (var k = first; k < end; k++) {
    if (candidates[k] != 0xffffffffu) { sum += exp((vec2f(scores[k], teacher[k]) - highest) / u.temperature); }
  }
  let logSum = log(sum);
  var loss = 0.0;
  for (var k = first; k < end; k++) {
    let logs = (vec2f(scores[k], teacher[k]) - highest) / u.temperature - logSum;
    let p = exp(logs);
    let isOne = candidates[k] != 0xffffffffu;
    loss += select(0.0, p.y * (logs.y - logs.x), isOne);
    scores[k] = select(0.0, u.temperature * (p.x - p.y) * u.slope, isOne);
  }
  losses[query] = u.temperature * u.temperature * loss;
}
