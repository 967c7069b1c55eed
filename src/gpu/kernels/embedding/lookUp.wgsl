// x (T, C) = words[slot] + tables[position] + tables[positions + type]; the token type is always 0.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "unit"
  let token = tokens[row];
  x[at] = words[token.x * u.width + i] + tables[token.y * u.width + i] + tables[u.positions * u.width + i];
}
