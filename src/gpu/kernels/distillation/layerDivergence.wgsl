// losses[m] = sum_c p_c (log p_c - log r_c), text by text: p = softmax(x / T) of the last layer's pooled vectors x (N, C),
// which teach and take no gradient, r = softmax(y / T) of another layer's y (N, C). Adds (r - p) slope to `gradient`
// (N, C) at y. Places of texts are those of squaredError.wgsl.
#include "sumOfLanes" part=vec2f

fn highestOfRow(part: vec2f, local: vec3u) -> vec2f {
  workgroupBarrier();
  parts[local.x] = part;
  workgroupBarrier();
  var most = parts[0];
#for L lanes
  most = max(most, parts[$L]);
#end
  return most;
}

@compute @workgroup_size($lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let text = u.base + group.x;
  let first = u.columns * select(u.firstDocument + text - u.queries, text, text < u.queries);
  var most = vec2f(-3.4e38);
  for (var i = first + local.x; i < first + u.columns; i += $lanes) {
    most = max(most, vec2f(last[i], pooled[i]));
  }
  most = highestOfRow(most, local);
  var part = vec2f(0.0);
  for (var i = first + local.x; i < first + u.columns; i += $lanes) {
    part += exp((vec2f(last[i], pooled[i]) - most) / u.temperature);
  }
  let logSum = log(sumOfRow(part, local));
  part = vec2f(0.0);
  for (var i = first + local.x; i < first + u.columns; i += $lanes) {
    let logs = (vec2f(last[i], pooled[i]) - most) / u.temperature - logSum;
    let p = exp(logs);
    part.x += p.x * (logs.x - logs.y);
    gradient[i] += (p.y - p.x) * u.slope;
  }
  let sum = sumOfRow(part, local);
  if (local.x == 0u) { losses[text] = sum.x; }
}
