#include "dropout"

// Dropout factors of the four keys `quad` of the query of this key, in this head.
fn keyFactors(queryKey: u32, head: u32, quad: u32) -> vec4f {
#if dropout
  return dropoutFactors(vec4u(queryKey, quad, u.dropoutSite + (head << 16u), u.dropoutKey));
#else
  return vec4f(1.0);
#end
}

// The rows j to j + 3; those past the text's end repeat its last one.
fn rowsFrom(j: u32, stop: u32) -> vec4u {
  return min(vec4u(j, j + 1u, j + 2u, j + 3u), vec4u(stop - 1u));
}

// v where its row is one of the text's, `otherwise` past its end.
fn within(j: u32, stop: u32, v: vec4f, otherwise: f32) -> vec4f {
  return select(vec4f(otherwise), v, vec4u(j, j + 1u, j + 2u, j + 3u) < vec4u(stop));
}

// Four columns of a head from 4 quad on; 0 past its size.
fn inHead(quad: u32, v: vec4f) -> vec4f {
  return select(vec4f(0.0), v, quad * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(u.size));
}
