fn inside(row: u32, column: u32, height: u32, width: u32, v: vec4f) -> vec4f {
  let columns = vec4u(column, column + 1u, column + 2u, column + 3u);
  return select(vec4f(0.0), v, columns < vec4u(select(0u, width, row < height)));
}

#include "load" name=A buffer=a vector=$vecA
#include "load" name=B buffer=b vector=$vecB
