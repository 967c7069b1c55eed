// y (T, C) = dropout(gamma (C) · (x (T, C) - mean) / sqrt(variance + epsilon) + beta (C)), the variance over n.
// `lanes` invocations share a row. moments (T, 2) keeps mean and 1 / sqrt(variance + epsilon).
#include "values"
#include "dropoutUnit"
#if shared
#include "sumOfLanes" part=f32
#else
fn sumOfRow(part: f32, local: vec3u) -> f32 { return part; }
#end

@compute @workgroup_size($lanes, $rowsEach)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let asked = (u.base + group.x) * $rowsEach + local.y;
  // Rows past the end repeat the last one, so that every invocation reaches the barriers.
  let row = min(asked, u.rows - 1u);
  let first = row * u.width;
  var sum = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    sum += total(x[first + i]);
  }
  let mean = sumOfRow(sum, local) / u.columns;
  sum = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    let d = x[first + i] - mean;
    sum += total(d * d);
  }
  let inverse = inverseSqrt(sumOfRow(sum, local) / u.columns + u.epsilon);
  if (asked >= u.rows) { return; }
  for (var i = local.x; i < u.width; i += $lanes) {
    var v = (x[first + i] - mean) * inverse * gamma[i] + beta[i];
#if dropout
    v *= factors(tokens[row].w, i);
#end
    y[first + i] = v;
  }
  if (local.x == 0u) { moments[row] = vec2f(mean, inverse); }
}
