// The optimiser.
//   squares  sums of squares of a gradient, one a workgroup
//   clip     the gradient's norm over all tensors, the factor min(1, maxNorm / (norm + 1e-6)), and the
//             mean loss; a step whose norm or loss is not finite is not taken. Gradients come enlarged by
//             1 / shrink, a power of two; the norm is that of the true ones, and the factor takes it out
//   update   AdamW with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch writes it:
//             w -= lr decay w;  m += (g - m)(1 - b1);  v = b2 v + (1 - b2) g^2;
//             w -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)
//   With byRow a row's gradient lies in the slot its table names, or is 0 where the batch does not touch it.
struct Parameters {
  base: u32,
  // Of units of value: four neighbours where rows allow it. So are all places below.
  count: u32,
  first: u32,
  losses: u32,
  maxNorm: f32,
  learningRate: f32,
  decay: f32,
  decayed: u32,
  // 1 - b1, b2 and 1 - b2: in float32 the last would lose what the host has of it.
  rate1: f32,
  beta2: f32,
  rate2: f32,
  stepSize: f32,
  correction: f32,
  epsilon: f32,
  columns: u32,
  shrink: f32,
}

@group(0) @binding(0) var<uniform> u: Parameters;

//#if squares
@group(0) @binding(1) var<storage, read> gradient: array<$value>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let block = u.base + group.x;
  var part = 0.0;
  let stop = min(u.count, (block + 1u) * $blockSize);
  for (var i = block * $blockSize + local.x; i < stop; i += 64u) {
    part += total(gradient[i] * gradient[i]);
  }
  parts[local.x] = part;
  workgroupBarrier();
  if (local.x == 0u) {
    var sum = 0.0;
//#for L 64
    sum += parts[$L];
//#end
    sums[u.first + block] = sum;
  }
}
//#end
//#if clip
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read> lossOfQueries: array<f32>;
// Loss, gradient norm, factor, 1 when the step is taken: first this step's, then a ring of the last ones.
@group(0) @binding(3) var<storage, read_write> stats: array<vec4f>;

var<workgroup> parts: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) local: vec3u) {
  var part = vec2f(0.0);
  for (var i = local.x; i < u.count; i += 64u) { part.x += sums[i]; }
  for (var i = local.x; i < u.losses; i += 64u) { part.y += lossOfQueries[i]; }
  parts[local.x] = part;
  workgroupBarrier();
  if (local.x == 0u) {
    var sum = vec2f(0.0);
//#for L 64
    sum += parts[$L];
//#end
    let norm = sqrt(sum.x) * u.shrink;
    // The exponent bits are all ones in an infinity or a NaN; a comparison may be optimised away.
    let bits = bitcast<vec2u>(vec2f(norm, sum.y)) & vec2u(0x7f800000u);
    let finite = all(bits != vec2u(0x7f800000u));
    let factor = min(1.0, u.maxNorm / (norm + 1e-6)) * u.shrink;
    let one = vec4f(sum.y / f32(u.losses), norm, factor, select(0.0, 1.0, finite));
    stats[0] = one;
    stats[1u + u.first] = one;
  }
}
//#end
//#if update
@group(0) @binding(1) var<storage, read> gradient: array<$value>;
@group(0) @binding(2) var<storage, read_write> weights: array<$value>;
@group(0) @binding(3) var<storage, read_write> mean: array<$value>;
@group(0) @binding(4) var<storage, read_write> square: array<$value>;
@group(0) @binding(5) var<storage, read> stats: array<vec4f>;
//#if byRow
@group(0) @binding(6) var<storage, read> slots: array<u32>;
//#end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = (u.base + group.x) * 64u + local.x;
  if (i >= u.count || stats[0].w == 0.0) { return; }
//#if byRow
  let slot = slots[u.first + i / u.columns];
  var g = $value(0.0);
  if (slot != 0xffffffffu) { g = gradient[slot * u.columns + i % u.columns] * stats[0].z; }
//#else
  let g = gradient[i] * stats[0].z;
//#end
  var w = weights[i];
  if (i < u.decayed) { w *= 1.0 - u.learningRate * u.decay; }
  let m = mean[i] + (g - mean[i]) * u.rate1;
  let v = square[i] * u.beta2 + g * g * u.rate2;
  mean[i] = m;
  square[i] = v;
  weights[i] = w - u.stepSize * m / (sqrt(v) / u.correction + u.epsilon);
}
//#end
