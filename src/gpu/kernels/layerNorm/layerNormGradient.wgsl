// dx (T, C) = r (e - mean(e) - h mean(e h)) with r = 1 / sqrt(variance + epsilon), h = (x - mean) r, e = dy · gamma.
// With dropInput, `dropped` (T, C) takes dx through the dropout before the residual.
#include "values"
#include "loadDy"
#if shared
#include "sumOfLanes" part=vec2f
#else
fn sumOfRow(part: vec2f, local: vec3u) -> vec2f { return part; }
#end

@compute @workgroup_size($lanes, $rowsEach)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let asked = (u.base + group.x) * $rowsEach + local.y;
  // Rows past the end repeat the last one, so that every invocation reaches the barriers.
  let row = min(asked, u.rows - 1u);
  let first = row * u.width;
  let mean = moments[row].x;
  let inverse = moments[row].y;
  var sums = vec2f(0.0);
  for (var i = local.x; i < u.width; i += $lanes) {
    let e = loadDy(row, i) * gamma[i];
    sums += vec2f(total(e), total(e * (x[first + i] - mean)) * inverse);
  }
  let means = sumOfRow(sums, local) / u.columns;
  if (asked >= u.rows) { return; }
  for (var i = local.x; i < u.width; i += $lanes) {
    let e = loadDy(row, i) * gamma[i];
    let v = inverse * (e - means.x - (x[first + i] - mean) * inverse * means.y);
    dx[first + i] = v;
#if dropInput
    dropped[first + i] = v * factors(tokens[row].w, i);
#end
  }
}
