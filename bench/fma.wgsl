// What an adapter multiplies and adds at, at best: eight independent sums of four an invocation, nothing read.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = (u.base + group.x) * 64u + local.x;
  let seed = f32(at & 15u) * 0.001;
  let factor = vec4f(0.999 - seed);
  let term = vec4f(seed, 0.5, 0.25, 0.125);
  var a = term;
  var b = term + 0.1;
  var c = term + 0.2;
  var d = term + 0.3;
  var e = term + 0.4;
  var f = term + 0.5;
  var g = term + 0.6;
  var h = term + 0.7;
  for (var i = 0u; i < u.rounds; i++) {
    a = fma(a, factor, term);
    b = fma(b, factor, term);
    c = fma(c, factor, term);
    d = fma(d, factor, term);
    e = fma(e, factor, term);
    f = fma(f, factor, term);
    g = fma(g, factor, term);
    h = fma(h, factor, term);
  }
  sums[at] = a + b + c + d + e + f + g + h;
}
