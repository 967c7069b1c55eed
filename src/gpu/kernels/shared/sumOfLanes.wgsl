// The sum of a row's parts, one a lane, of type $part. Every lane adds in the same order.
var<workgroup> parts: array<$part, $threads>;

fn sumOfRow(part: $part, local: vec3u) -> $part {
  // The parts of an earlier sum may still be read.
  workgroupBarrier();
  parts[local.y * $lanes + local.x] = part;
  workgroupBarrier();
  var sum = $part(0.0);
#for L lanes
  sum += parts[local.y * $lanes + $L];
#end
  return sum;
}
