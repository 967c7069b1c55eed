// sums[target] (+)= the sum of a segment's rows of `rows` (T, C).
// The host sorts tokens by the row they touch and cuts them into segments, each summed in order by one set of
// invocations: no atomics, and the same bits always. A row with many tokens is summed in two levels.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "unit"
  let segment = segments[row];
  let place = segment.z * u.width + i;
  var sum = $value(0.0);
  if (u.accumulate != 0u) { sum = sums[place]; }
  for (var k = segment.x; k < segment.y; k++) {
    sum += values[order[k] * u.width + i];
  }
  sums[place] = sum;
}
