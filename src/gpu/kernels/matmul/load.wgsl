// Four neighbours of a row of $buffer, a (height, width) matrix. Where it is read as vec4s, what lies outside is
// summed into rows and columns that nobody stores; otherwise it is 0.
fn load$name(row: u32, column: u32, height: u32, width: u32) -> vec4f {
#if vector
  return $buffer[(min(row, height - 1u) * width + min(column, width - 4u)) >> 2u];
#else
  let at = row * width + column;
  return inside(row, column, height, width, vec4f($buffer[at], $buffer[at + 1u], $buffer[at + 2u], $buffer[at + 3u]));
#end
}
