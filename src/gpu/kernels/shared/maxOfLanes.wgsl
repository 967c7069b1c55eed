// The largest of a row's parts, one a lane.
var<workgroup> candidates: array<f32, $threads>;

fn maxOfRow(part: f32, local: vec3u) -> f32 {
  candidates[local.y * $lanes + local.x] = part;
  workgroupBarrier();
  var largest = part;
#for L lanes
  largest = max(largest, candidates[local.y * $lanes + $L]);
#end
  return largest;
}
