// Dropout's random numbers: a hash of four counters, so that any mask can be made again from
// (token or query, column or key, site, step key) alone. pcg4d of Jarzynski and Olano,
// "Hash Functions for GPU Rendering", JCGT 9(3), 2020.
fn pcg4d(counter: vec4u) -> vec4u {
  var v = counter * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

// Factors of four neighbouring columns: 0 with probability p, else 1 / (1 - p).
fn dropoutFactors(counter: vec4u) -> vec4f {
  return select(vec4f(0.0), vec4f(u.dropoutScale), pcg4d(counter) >= vec4u(u.dropoutThreshold));
}
