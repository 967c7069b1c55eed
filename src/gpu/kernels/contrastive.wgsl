// Softmax cross entropy of each query's scaled similarities, whose right answer is its own positive:
// document number q for query q. loss[q] = log sum exp(s) - s[q]; in place of s comes the gradient of the
// mean loss at the cosines, (softmax(s) - 1[document = q]) scale / queries.
struct Parameters {
  base: u32,
  // First query of this block of rows.
  first: u32,
  documents: u32,
  slope: f32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
@group(0) @binding(1) var<storage, read_write> scores: array<f32>;
@group(0) @binding(2) var<storage, read_write> losses: array<f32>;

var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = u.base + group.x;
  let answer = u.first + row;
  let start = row * u.documents;
  var highest = -3.4e38;
  for (var d = local.x; d < u.documents; d += 64u) {
    highest = max(highest, scores[start + d]);
  }
  parts[local.x] = highest;
  workgroupBarrier();
//#for L 64
  highest = max(highest, parts[$L]);
//#end
  workgroupBarrier();
  var sum = 0.0;
  for (var d = local.x; d < u.documents; d += 64u) {
    sum += exp(scores[start + d] - highest);
  }
  parts[local.x] = sum;
  workgroupBarrier();
  sum = 0.0;
//#for L 64
  sum += parts[$L];
//#end
  if (local.x == 0u) {
    losses[answer] = highest + log(sum) - scores[start + answer];
  }
  // The right answer's score is read above before it is replaced below.
  storageBarrier();
  for (var d = local.x; d < u.documents; d += 64u) {
    let p = exp(scores[start + d] - highest) / sum;
    scores[start + d] = (p - select(0.0, 1.0, d == answer)) * u.slope;
  }
}
