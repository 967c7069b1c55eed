// Gradients of gamma and beta (C): dgamma = sum over rows of dy · h, dbeta = sum over rows of dy, with
// h = (x - mean) / sqrt(variance + epsilon). Each strip of rows is summed into planes (strips, 2, C) of its own.
#include "loadDy"

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = (u.base + group.x) * $threads + local.x;
  let strip = at / u.width;
  let i = at % u.width;
  if (strip * u.stripRows >= u.rows) { return; }
  var dGamma = $value(0.0);
  var dBeta = $value(0.0);
  for (var row = strip * u.stripRows; row < min(u.rows, (strip + 1u) * u.stripRows); row++) {
    let g = loadDy(row, i);
    dGamma += g * (x[row * u.width + i] - moments[row].x) * moments[row].y;
    dBeta += g;
  }
  planes[2u * strip * u.width + i] = dGamma;
  planes[(2u * strip + 1u) * u.width + i] = dBeta;
}
