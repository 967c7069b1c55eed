// Columns 4 quad to 4 quad + 3 of a head's part of $buffer that begins at `at`; 0 past the head's size.
fn load$name(at: u32, quad: u32) -> vec4f {
#if vector
  return $buffer[(at >> 2u) + quad];
#else
  let i = at + quad * 4u;
  return inHead(quad, vec4f($buffer[i], $buffer[i + 1u], $buffer[i + 2u], $buffer[i + 3u]));
#end
}

// Dot products of v with the columns `quad` of four rows.
fn dots$name(v: vec4f, at: vec4u, quad: u32) -> vec4f {
  return vec4f(dot(v, load$name(at.x, quad)), dot(v, load$name(at.y, quad)), dot(v, load$name(at.z, quad)),
    dot(v, load$name(at.w, quad)));
}

// `start` and, in this order, four rows' columns `quad`, each times its weight.
fn add$name(start: vec4f, weights: vec4f, at: vec4u, quad: u32) -> vec4f {
  return start + weights.x * load$name(at.x, quad) + weights.y * load$name(at.y, quad)
    + weights.z * load$name(at.z, quad) + weights.w * load$name(at.w, quad);
}
