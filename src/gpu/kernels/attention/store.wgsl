fn store$name(at: u32, quad: u32, v: vec4f) {
#if vector
  $buffer[(at >> 2u) + quad] = v;
#else
  for (var c = 0u; c < min(4u, u.size - quad * 4u); c++) { $buffer[at + quad * 4u + c] = v[c]; }
#end
}
