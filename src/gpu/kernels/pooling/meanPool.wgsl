// pooled[row] (C) = the mean of a text's rows of x (T, C). None is padding: texts lie packed.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "unit"
  let text = texts[row];
  var sum = $value(0.0);
  for (var t = text.x; t < text.x + text.y; t++) {
    sum += x[t * u.width + i];
  }
  pooled[text.z * u.width + i] = sum / f32(text.y);
}
