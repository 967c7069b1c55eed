// words[slot] = table[ids[slot] - firstRow]: rows of the word table (V, C) that a batch touches are brought
// together in words (slots, C).
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "unit"
  let slot = u.first + row;
  words[slot * u.width + i] = table[(ids[slot] - u.firstRow) * u.width + i];
}
