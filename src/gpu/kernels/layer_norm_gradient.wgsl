// Backward of LayerNorm. With h = (x - mean) r, r = 1 / sqrt(variance + epsilon) and e = dy g:
//   dx = r (e - mean(e) - h mean(e h)),   dg = sum over rows of dy h,   db = sum over rows of dy.
// dy is read from a matrix, or is the gradient of the pooled vectors spread over their tokens, and goes
// through the dropout behind the LayerNorm where there is one (the mask is made again). With
// columnSums this sums dg and db over a strip of rows into a plane of its own; else it writes dx, and
// dx through the dropout before the residual where there is one.
struct Parameters {
  base: u32,
  rows: u32,
  width: u32,
  columns: f32,
  strip: u32,
  dropoutKey: u32,
  dropoutSite: u32,
  dropoutThreshold: u32,
  dropoutScale: f32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
@group(0) @binding(1) var<storage, read> dy: array<$value>;
@group(0) @binding(2) var<storage, read> x: array<$value>;
@group(0) @binding(3) var<storage, read> moments: array<vec2f>;
// Per token: slot, position, text of the batch's part, key of its dropout masks.
@group(0) @binding(4) var<storage, read> tokens: array<vec4u>;
// Per text: first token, length, row of the whole batch.
@group(0) @binding(5) var<storage, read> texts: array<vec4u>;
//#if columnSums
@group(0) @binding(6) var<storage, read_write> planes: array<$value>;
//#else
@group(0) @binding(6) var<storage, read> gain: array<$value>;
@group(0) @binding(7) var<storage, read_write> dx: array<$value>;
//#if dropInput
@group(0) @binding(8) var<storage, read_write> dropped: array<$value>;
//#end
//#end

fn loadDy(row: u32, i: u32) -> $value {
//#if pooled
  let text = texts[tokens[row].z];
  var v = dy[text.z * u.width + i] / f32(text.y);
//#else
  var v = dy[row * u.width + i];
//#end
//#if dropOutput
  v *= factors(tokens[row].w, i);
//#end
  return v;
}

//#if columnSums
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = (u.base + group.x) * 64u + local.x;
  let plane = at / u.width;
  let i = at % u.width;
  if (plane * u.strip >= u.rows) { return; }
  var sumGain = $value(0.0);
  var sumShift = $value(0.0);
  for (var row = plane * u.strip; row < min(u.rows, (plane + 1u) * u.strip); row++) {
    let g = loadDy(row, i);
    sumGain += g * (x[row * u.width + i] - moments[row].x) * moments[row].y;
    sumShift += g;
  }
  planes[2u * plane * u.width + i] = sumGain;
  planes[(2u * plane + 1u) * u.width + i] = sumShift;
}
//#else
//#if shared
var<workgroup> parts: array<vec2f, $threads>;
//#end

fn sumOfRow(part: vec2f, local: vec3u) -> vec2f {
//#if shared
  parts[local.y * $lanes + local.x] = part;
  workgroupBarrier();
  var sum = vec2f(0.0);
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
  let row = min(asked, u.rows - 1u);
  let first = row * u.width;
  let mean = moments[row].x;
  let inverse = moments[row].y;
  var sums = vec2f(0.0);
  for (var i = local.x; i < u.width; i += $lanes) {
    let e = loadDy(row, i) * gain[i];
    sums += vec2f(total(e), total(e * (x[first + i] - mean)) * inverse);
  }
  let means = sumOfRow(sums, local) / u.columns;
  if (asked >= u.rows) { return; }
  for (var i = local.x; i < u.width; i += $lanes) {
    let e = loadDy(row, i) * gain[i];
    let v = inverse * (e - means.x - (x[first + i] - mean) * inverse * means.y);
    dx[first + i] = v;
//#if dropInput
    dropped[first + i] = v * factors(tokens[row].w, i);
//#end
  }
}
//#end
