// LayerNorm of each row: y = g (x - mean) / sqrt(variance + epsilon) + b, the variance over n, then
// dropout where a key is given. `lanes` invocations share a row; mean and 1 / sqrt(...) are kept.
struct Parameters {
  base: u32,
  rows: u32,
  // In units of value, as all column numbers below.
  width: u32,
  columns: f32,
  epsilon: f32,
  dropoutKey: u32,
  dropoutSite: u32,
  dropoutThreshold: u32,
  dropoutScale: f32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
@group(0) @binding(1) var<storage, read> x: array<$value>;
@group(0) @binding(2) var<storage, read> gain: array<$value>;
@group(0) @binding(3) var<storage, read> shift: array<$value>;
@group(0) @binding(4) var<storage, read_write> y: array<$value>;
@group(0) @binding(5) var<storage, read_write> moments: array<vec2f>;
//#if dropout
@group(0) @binding(6) var<storage, read> tokens: array<vec4u>;
//#end

//#if shared
var<workgroup> parts: array<f32, $threads>;
//#end

// The sum of a row's parts, the same order of additions in every lane.
fn sumOfRow(part: f32, local: vec3u) -> f32 {
//#if shared
  workgroupBarrier();
  parts[local.y * $lanes + local.x] = part;
  workgroupBarrier();
  var sum = 0.0;
//#for L lanes
  sum += parts[local.y * $lanes + $L];
//#end
  return sum;
//#else
  return part;
//#end
}

@compute @workgroup_size($lanes, $rowsEach)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let asked = (u.base + group.x) * $rowsEach + local.y;
  // Rows past the end do the last one again, so that all reach the barriers.
  let row = min(asked, u.rows - 1u);
  let first = row * u.width;
  var sum = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    sum += total(x[first + i]);
  }
  let mean = sumOfRow(sum, local) / u.columns;
  sum = 0.0;
  for (var i = local.x; i < u.width; i += $lanes) {
    let d = x[first + i] - mean;
    sum += total(d * d);
  }
  let inverse = inverseSqrt(sumOfRow(sum, local) / u.columns + u.epsilon);
  if (asked >= u.rows) { return; }
  for (var i = local.x; i < u.width; i += $lanes) {
    var v = (x[first + i] - mean) * inverse * gain[i] + shift[i];
//#if dropout
    v *= factors(tokens[row].w, i);
//#end
    y[first + i] = v;
  }
  if (local.x == 0u) { moments[row] = vec2f(mean, inverse); }
}
