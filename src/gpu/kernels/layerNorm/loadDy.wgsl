#include "dropoutUnit"

// Gradient at a LayerNorm's output (T, C): read from a matrix, or that of the pooled vectors spread over their
// tokens; through the dropout behind the LayerNorm, whose mask is made again.
fn loadDy(row: u32, i: u32) -> $value {
#if pooled
  let text = texts[tokens[row].z];
  var v = dy[text.z * u.width + i] / f32(text.y);
#else
  var v = dy[row * u.width + i];
#end
#if dropOutput
  v *= factors(tokens[row].w, i);
#end
  return v;
}
