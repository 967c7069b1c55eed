// units (L, N, W) = vectors (N, L, C) / |vectors|, rows padded to whole vec4; 0 for a vector of zeros.
// For inner products the vectors as they are.
// One workgroup a vector.
const lanes = 64u;
var<workgroup> partial: array<f32, lanes>;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = u.base + group.x;
  let layer = group.y;
  let source = (row * u.layers + layer) * u.size;
  var sum = 0.0;
  for (var i = lane; i < u.size; i += lanes) {
    sum += vectors[source + i] * vectors[source + i];
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = lanes / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  let squares = partial[0];
  let scale = select(1.0, 1.0 / sqrt(squares), squares > 0.0 && u.cosine != 0u);
  let padded = u.width * 4u;
  let place = (layer * u.rows + row) * padded;
  for (var i = lane; i < padded; i += lanes) {
    var value = 0.0;
    if (i < u.size) {
      value = vectors[source + i] * scale;
    }
    units[place + i] = value;
  }
}
