// Embedding lookup and its gradient.
//   gather   the rows of the word table that a batch touches are brought together, one slot an id
//   look     x = word[slot] + table[position] + table[positions + type]; token types are all 0
//   scatter  gradients summed by row touched: the host sorts tokens by row and cuts them into segments,
//             each summed in order by one set of invocations, so no atomics and the same bits always;
//             a row with many tokens is summed in two levels
struct Parameters {
  base: u32,
  count: u32,
  width: u32,
  first: u32,
  rowOffset: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
//#if gather
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<$value>;
@group(0) @binding(3) var<storage, read_write> words: array<$value>;
//#end
//#if look
@group(0) @binding(1) var<storage, read> tokens: array<vec4u>;
@group(0) @binding(2) var<storage, read> words: array<$value>;
@group(0) @binding(3) var<storage, read> table: array<$value>;
@group(0) @binding(4) var<storage, read_write> x: array<$value>;
//#end
//#if scatter
// Which rows of the source are summed, segment after segment.
@group(0) @binding(1) var<storage, read> order: array<u32>;
// Begin and end in `order`, row of the target.
@group(0) @binding(2) var<storage, read> segments: array<vec4u>;
@group(0) @binding(3) var<storage, read> source: array<$value>;
@group(0) @binding(4) var<storage, read_write> sums: array<$value>;
//#end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = (u.base + group.x) * 64u + local.x;
  let row = at / u.width;
  let i = at % u.width;
  if (row >= u.count) { return; }
//#if gather
  let slot = u.first + row;
  words[slot * u.width + i] = table[(ids[slot] - u.rowOffset) * u.width + i];
//#end
//#if look
  let token = tokens[row];
  x[at] = words[token.x * u.width + i] + table[token.y * u.width + i] + table[u.rowOffset * u.width + i];
//#end
//#if scatter
  let segment = segments[u.first + row];
  let place = segment.z * u.width + i;
  var sum = $value(0.0);
  if (u.accumulate != 0u) { sum = sums[place]; }
  for (var k = segment.x; k < segment.y; k++) {
    sum += source[order[k] * u.width + i];
  }
  sums[place] = sum;
//#end
}
