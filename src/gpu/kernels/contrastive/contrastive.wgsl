// Softmax cross entropy of each query's scaled similarities: scores (queries, documents), whose right answer is
// document number q for query q. losses[q] = log sum exp(s) - s[q]; in place of s comes the gradient of the mean
// loss at the cosines, (softmax(s) - 1[document = q]) slope.
var<workgroup> parts: array<f32, $threads>;

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = u.base + group.x;
  let answer = u.first + row;
  let start = row * u.documents;
  var highest = -3.4e38;
  for (var d = local.x; d < u.documents; d += $threads) {
    highest = max(highest, scores[start + d]);
  }
  parts[local.x] = highest;
  workgroupBarrier();
#for L threads
  highest = max(highest, parts[$L]);
#end
  workgroupBarrier();
  var sum = 0.0;
  for (var d = local.x; d < u.documents; d += $threads) {
    sum += exp(scores[start + d] - highest);
  }
  parts[local.x] = sum;
  workgroupBarrier();
  sum = 0.0;
#for L threads
  sum += parts[$L];
#end
  if (local.x == 0u) {
    losses[answer] = highest + log(sum) - scores[start + answer];
  }
  // The right answer's score is read above before it is replaced below.
  storageBarrier();
  for (var d = local.x; d < u.documents; d += $threads) {
    let p = exp(scores[start + d] - highest) / sum;
    scores[start + d] = (p - select(0.0, 1.0, d == answer)) * u.slope;
  }
}
