// Stores what of four neighbours from `at` on belongs to the row, `left` columns of it.
fn store$name(at: u32, left: u32, v: vec4f) {
#if vector
  $buffer[at >> 2u] = v;
#else
  for (var i = 0u; i < min(4u, left); i++) { $buffer[at + i] = v[i]; }
#end
}
