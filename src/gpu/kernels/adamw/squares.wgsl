// sums[first + block] = the sum of squares of a block of gradient (count), one block a workgroup.
#include "values"

var<workgroup> parts: array<f32, $threads>;

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let block = u.base + group.x;
  var part = 0.0;
  let stop = min(u.count, (block + 1u) * $blockSize);
  for (var i = block * $blockSize + local.x; i < stop; i += $threads) {
    part += total(gradient[i] * gradient[i]);
  }
  parts[local.x] = part;
  workgroupBarrier();
  if (local.x == 0u) {
    var sum = 0.0;
#for L threads
    sum += parts[$L];
#end
    sums[u.first + block] = sum;
  }
}
