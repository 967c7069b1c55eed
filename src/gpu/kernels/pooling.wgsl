// Mean over a text's tokens (none is padding: texts lie packed), the L2 normalisation of the pooled
// vectors n = x / max(|x|, 1e-12), and its gradient dx = (dn - n (n . dn)) / |x|.
struct Parameters {
  base: u32,
  rows: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
//#if pool
@group(0) @binding(1) var<storage, read> x: array<$value>;
@group(0) @binding(2) var<storage, read> texts: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> pooled: array<$value>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = (u.base + group.x) * 64u + local.x;
  if (at / u.width >= u.rows) { return; }
  let text = texts[at / u.width];
  let i = at % u.width;
  var sum = $value(0.0);
  for (var t = text.x; t < text.x + text.y; t++) {
    sum += x[t * u.width + i];
  }
  pooled[text.z * u.width + i] = sum / f32(text.y);
}
//#else
@group(0) @binding(1) var<storage, read_write> lengths: array<f32>;
@group(0) @binding(2) var<storage, read_write> normal: array<$value>;
//#if normalise
@group(0) @binding(3) var<storage, read> pooled: array<$value>;
//#else
// The gradient at the normalised vectors, and then, in its place, at the pooled ones.
@group(0) @binding(3) var<storage, read_write> gradient: array<$value>;
//#end

var<workgroup> parts: array<f32, 32>;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = u.base + group.x;
  let first = row * u.width;
  var part = 0.0;
  for (var i = local.x; i < u.width; i += 32u) {
//#if normalise
    part += total(pooled[first + i] * pooled[first + i]);
//#else
    part += total(normal[first + i] * gradient[first + i]);
//#end
  }
  parts[local.x] = part;
  workgroupBarrier();
  var sum = 0.0;
//#for L 32
  sum += parts[$L];
//#end
//#if normalise
  let size = max(sqrt(sum), 1e-12);
  if (local.x == 0u) { lengths[row] = size; }
  for (var i = local.x; i < u.width; i += 32u) {
    normal[first + i] = pooled[first + i] / size;
  }
//#else
  for (var i = local.x; i < u.width; i += 32u) {
    gradient[first + i] = (gradient[first + i] - normal[first + i] * sum) / lengths[row];
  }
//#end
}
//#end
