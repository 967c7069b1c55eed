// dx (T, C) += the gradient (N, C) at a text's mean, over its number of tokens.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "unit"
  let text = texts[tokens[row].z];
  dx[row * u.width + i] += gradient[text.z * u.width + i] / f32(text.y);
}
