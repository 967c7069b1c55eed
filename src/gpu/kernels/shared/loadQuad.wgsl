// Four neighbours of $buffer from `at` on, of which `left` belong to the row. Lanes past its end hold nothing of use.
fn load$name(at: u32, left: u32) -> vec4f {
#if vector
  return $buffer[at >> 2u];
#else
  let i = min(vec4u(at, at + 1u, at + 2u, at + 3u), vec4u(at + left - 1u));
  return vec4f($buffer[i.x], $buffer[i.y], $buffer[i.z], $buffer[i.w]);
#end
}
