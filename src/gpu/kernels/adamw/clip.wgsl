// The gradient's norm over all tensors, the factor min(1, maxNorm / (norm + 1e-6)), and the mean loss.
// Gradients come multiplied by the loss scale; the norm is that of the true ones, and the factor divides by it.
// A step whose norm or loss is not finite is not taken.
var<workgroup> parts: array<vec2f, $threads>;

@compute @workgroup_size($threads)
fn main(@builtin(local_invocation_id) local: vec3u) {
  var part = vec2f(0.0);
  for (var i = local.x; i < u.count; i += $threads) { part.x += sums[i]; }
  for (var i = local.x; i < u.queries; i += $threads) { part.y += losses[i]; }
  parts[local.x] = part;
  workgroupBarrier();
  if (local.x == 0u) {
    var sum = vec2f(0.0);
#for L threads
    sum += parts[$L];
#end
    let norm = sqrt(sum.x) * u.inverseLossScale;
    // The exponent bits are all ones in an infinity or a NaN; a comparison may be optimised away.
    let bits = bitcast<vec2u>(vec2f(norm, sum.y)) & vec2u(0x7f800000u);
    let finite = all(bits != vec2u(0x7f800000u));
    let factor = min(1.0, u.maxNorm / (norm + 1e-6)) * u.inverseLossScale;
    let one = vec4f(sum.y / f32(u.queries), norm, factor, select(0.0, 1.0, finite));
    stats[0] = one;
    stats[1u + u.slot] = one;
  }
}
