// sums (n) += weight (losses[i] + losses[i + n] + …), of losses (count), for the mean of a weighted sum of losses of which
// there are not equally many. The first time sums begin at 0.
@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * $threads + local.x;
  if (i >= u.n) { return; }
  var sum = 0.0;
  for (var at = i; at < u.count; at += u.n) { sum += losses[at]; }
  sums[i] = select(sums[i], 0.0, u.isFirst == 1u) + u.weight * sum;
}
