// Matrix products: C[rows, columns] = last step(op(A) op(B)), summed over `depth`.
//   forward         y = x W^T + b         A[rows, depth],  B[columns, depth]
//   input gradient  dx = dy W             A[rows, depth],  B[depth, columns]
//   weight gradient dW = dy^T x           A[depth, rows],  B[depth, columns]; db = column sums of dy
// Each invocation holds a block of `rowsEach` x `columnsEach` sums in registers. Tiled, the
// workgroup first brings blocks of A and B into workgroup memory; without, it reads them through the
// cache, which suits adapters that run on a processor. With subgroups, all invocations of a workgroup hold
// the same rows, each reads its share of A, and the values go round. The sum over depth may be cut into
// parts (workgroup_id.y), each written to its own plane and added in fixed order by sum_planes.wgsl.
// With half, A and B are rounded to float16 on their way into workgroup memory, which takes half the room and
// half the reading; products and sums are float32.
struct Parameters {
  base: u32,
  rows: u32,
  columns: u32,
  depth: u32,
  depthEach: u32,
  accumulate: u32,
  alpha: f32,
  zeroFrom: u32,
  zeroTo: u32,
  dropoutKey: u32,
  dropoutSite: u32,
  dropoutThreshold: u32,
  dropoutScale: f32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
//#if vecA
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
//#else
@group(0) @binding(1) var<storage, read> a: array<f32>;
//#end
//#if vecB
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
//#else
@group(0) @binding(2) var<storage, read> b: array<f32>;
//#end
@group(0) @binding(3) var<storage, read_write> c: array<$element>;
//#if bias
@group(0) @binding(4) var<storage, read> bias: array<$element>;
//#end
//#if biasGradient
@group(0) @binding(4) var<storage, read_write> biasGradient: array<f32>;
//#end
//#if gelu
// Before the activation, kept for the backward pass.
@group(0) @binding(5) var<storage, read_write> before: array<$element>;
//#end
//#if geluGradient
// Holds the values before the activation and, after this, the values behind it.
@group(0) @binding(4) var<storage, read_write> before: array<$element>;
//#end
//#if residual
@group(0) @binding($residualAt) var<storage, read> residual: array<$element>;
//#end
//#if dropout
@group(0) @binding(6) var<storage, read> tokens: array<vec4u>;
//#end

// Four neighbours of a row of a [height, width] matrix, 0 outside of it.
fn loadA(row: u32, column: u32, height: u32, width: u32) -> vec4f {
//#if vecA
  // What lies outside is summed into rows and columns that nobody stores.
  return a[(min(row, height - 1u) * width + min(column, width - 4u)) >> 2u];
//#else
  var v = vec4f(0.0);
  if (row < height) {
    let at = row * width + column;
    if (column < width) { v.x = a[at]; }
    if (column + 1u < width) { v.y = a[at + 1u]; }
    if (column + 2u < width) { v.z = a[at + 2u]; }
    if (column + 3u < width) { v.w = a[at + 3u]; }
  }
  return v;
//#end
}

fn loadB(row: u32, column: u32, height: u32, width: u32) -> vec4f {
//#if vecB
  // What lies outside is summed into rows and columns that nobody stores.
  return b[(min(row, height - 1u) * width + min(column, width - 4u)) >> 2u];
//#else
  var v = vec4f(0.0);
  if (row < height) {
    let at = row * width + column;
    if (column < width) { v.x = b[at]; }
    if (column + 1u < width) { v.y = b[at + 1u]; }
    if (column + 2u < width) { v.z = b[at + 2u]; }
    if (column + 3u < width) { v.w = b[at + 3u]; }
  }
  return v;
//#end
}

//#if bias
fn loadBias(column: u32) -> vec4f {
//#if vecC
  return bias[column >> 2u];
//#else
  return vec4f(bias[column], bias[min(column + 1u, u.columns - 1u)], bias[min(column + 2u, u.columns - 1u)],
    bias[min(column + 3u, u.columns - 1u)]);
//#end
}
//#end

//#if residual
fn loadResidual(at: u32, left: u32) -> vec4f {
//#if vecC
  return residual[at >> 2u];
//#else
  let last = at + left - 1u;
  return vec4f(residual[at], residual[min(at + 1u, last)], residual[min(at + 2u, last)],
    residual[min(at + 3u, last)]);
//#end
}
//#end

//#if before
fn loadBefore(at: u32, left: u32) -> vec4f {
//#if vecC
  return before[at >> 2u];
//#else
  let last = at + left - 1u;
  return vec4f(before[at], before[min(at + 1u, last)], before[min(at + 2u, last)], before[min(at + 3u, last)]);
//#end
}

fn storeBefore(at: u32, left: u32, v: vec4f) {
//#if vecC
  before[at >> 2u] = v;
//#else
  before[at] = v.x;
  if (left > 1u) { before[at + 1u] = v.y; }
  if (left > 2u) { before[at + 2u] = v.z; }
  if (left > 3u) { before[at + 3u] = v.w; }
//#end
}
//#end

fn finish(row: u32, column: u32, plane: u32, sum: vec4f) {
  if (row >= u.rows || column >= u.columns) { return; }
  let at = plane * u.rows * u.columns + row * u.columns + column;
  let left = u.columns - column;
  var v = sum * u.alpha;
//#if bias
  v += loadBias(column);
//#end
//#if gelu
  storeBefore(at, left, v);
  v = gelu(v);
//#end
//#if geluGradient
  let held = loadBefore(at, left);
  storeBefore(at, left, gelu(held));
  v *= geluSlope(held);
//#end
//#if dropout
  v *= dropoutFactors(vec4u(tokens[row].w, column >> 2u, u.dropoutSite, u.dropoutKey));
//#end
//#if residual
  v += loadResidual(at, left);
//#end
//#if vecC
  if (u.accumulate != 0u) { v += c[at >> 2u]; }
  c[at >> 2u] = v;
//#else
  if (u.accumulate != 0u) {
    v.x += c[at];
    if (left > 1u) { v.y += c[at + 1u]; }
    if (left > 2u) { v.z += c[at + 2u]; }
    if (left > 3u) { v.w += c[at + 3u]; }
  }
  c[at] = v.x;
  if (left > 1u) { c[at + 1u] = v.y; }
  if (left > 2u) { c[at + 2u] = v.z; }
  if (left > 3u) { c[at + 3u] = v.w; }
//#end
}

//#if biasGradient
fn finishBias(row: u32, plane: u32, sum: f32) {
  if (row >= u.rows) { return; }
  // Softmax does not see a key's bias: that gradient is exactly 0, and rounding would only blur it.
  var v = select(sum, 0.0, row >= u.zeroFrom && row < u.zeroTo);
  let at = plane * u.rows + row;
  if (u.accumulate != 0u) { v += biasGradient[at]; }
  biasGradient[at] = v;
}
//#end

//#if tiled
//#if half
//#if shaderF16
alias Held = vec4h;
fn hold(v: vec4f) -> Held { return vec4h(v); }
fn held(v: Held) -> vec4f { return vec4f(v); }
//#else
alias Held = vec2u;
fn hold(v: vec4f) -> Held { return vec2u(pack2x16float(v.xy), pack2x16float(v.zw)); }
fn held(v: Held) -> vec4f { return vec4f(unpack2x16float(v.x), unpack2x16float(v.y)); }
//#end
//#else
alias Held = vec4f;
fn hold(v: vec4f) -> Held { return v; }
fn held(v: Held) -> vec4f { return v; }
//#end
// [depth of a block][rows or columns of a block / 4]
var<workgroup> tileA: array<Held, $tileASize>;
var<workgroup> tileB: array<Held, $tileBSize>;
//#end

@compute @workgroup_size($threadsX, $threadsY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u
//#if subgroups
  , @builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) lanes: u32
//#end
) {
  let tilesAcross = (u.columns + $blockColumns - 1u) / $blockColumns;
  let tile = u.base + group.x;
  let tileRow = (tile / tilesAcross) * $blockRows;
  let tileColumn = (tile % tilesAcross) * $blockColumns;
  let plane = group.y;
  let start = plane * u.depthEach;
  let stop = min(u.depth, start + u.depthEach);
//#for P rowQuads
//#for Q 4
//#for J columnQuads
  var sum$P_$Q_$J = vec4f(0.0);
//#end
//#end
//#end
//#if biasGradient
//#for P rowQuads
  var biasSum$P = vec4f(0.0);
//#end
//#end
//#if tiled
  let thread = local.y * $threadsX + local.x;
  for (var k0 = start; k0 < stop; k0 += $blockDepth) {
//#if transposedA
    for (var i = thread; i < $tileASize; i += $threads) {
      let k = k0 + i / $blockRowQuads;
      let m = tileRow + (i % $blockRowQuads) * 4u;
      tileA[i] = hold(select(vec4f(0.0), loadA(k, m, u.depth, u.rows), k < stop));
    }
//#else
    // Four rows of four values are turned in registers, so that the tile lies along the rows.
    for (var i = thread; i < $quadsOfA; i += $threads) {
      let k = i % $blockDepthQuads;
      let m = i / $blockDepthQuads;
      let row = tileRow + m * 4u;
      let t = transpose(mat4x4f(
        loadA(row, k0 + k * 4u, u.rows, u.depth), loadA(row + 1u, k0 + k * 4u, u.rows, u.depth),
        loadA(row + 2u, k0 + k * 4u, u.rows, u.depth), loadA(row + 3u, k0 + k * 4u, u.rows, u.depth)));
      let at = k * 4u * $blockRowQuads + m;
      // What lies behind the end of the sum must be 0 in one of the two tiles.
      let inside = k0 + k * 4u < stop;
      tileA[at] = hold(select(vec4f(0.0), t[0], inside));
      tileA[at + $blockRowQuads] = hold(select(vec4f(0.0), t[1], inside));
      tileA[at + 2u * $blockRowQuads] = hold(select(vec4f(0.0), t[2], inside));
      tileA[at + 3u * $blockRowQuads] = hold(select(vec4f(0.0), t[3], inside));
    }
//#end
//#if transposedB
    for (var i = thread; i < $quadsOfB; i += $threads) {
      let k = i % $blockDepthQuads;
      let n = i / $blockDepthQuads;
      let row = tileColumn + n * 4u;
      let t = transpose(mat4x4f(
        loadB(row, k0 + k * 4u, u.columns, u.depth), loadB(row + 1u, k0 + k * 4u, u.columns, u.depth),
        loadB(row + 2u, k0 + k * 4u, u.columns, u.depth), loadB(row + 3u, k0 + k * 4u, u.columns, u.depth)));
      let at = k * 4u * $blockColumnQuads + n;
      tileB[at] = hold(t[0]);
      tileB[at + $blockColumnQuads] = hold(t[1]);
      tileB[at + 2u * $blockColumnQuads] = hold(t[2]);
      tileB[at + 3u * $blockColumnQuads] = hold(t[3]);
    }
//#else
    for (var i = thread; i < $tileBSize; i += $threads) {
      let k = k0 + i / $blockColumnQuads;
      let n = tileColumn + (i % $blockColumnQuads) * 4u;
      tileB[i] = hold(loadB(k, n, u.depth, u.columns));
    }
//#end
    workgroupBarrier();
    for (var k = 0u; k < $blockDepth; k++) {
//#for P rowQuads
      let a$P = held(tileA[k * $blockRowQuads + $P * $threadsY + local.y]);
//#end
//#for J columnQuads
      let b$J = held(tileB[k * $blockColumnQuads + $J * $threadsX + local.x]);
//#end
//#for P rowQuads
//#for Q 4
//#for J columnQuads
      sum$P_$Q_$J += a$P[$Q] * b$J;
//#end
//#end
//#end
//#if biasGradient
//#for P rowQuads
      biasSum$P += a$P;
//#end
//#end
    }
    workgroupBarrier();
  }
//#else
//#for P rowQuads
  let row$P = tileRow + ($P * $threadsY + local.y) * 4u;
//#end
//#for J columnQuads
  let column$J = tileColumn + ($J * $threadsX + local.x) * 4u;
//#end
  // Where rows and columns begin is reckoned once: some compilers move nothing out of a loop.
//#if !subgroups
//#for P rowQuads
//#if transposedA
  let fromA$P = min(row$P, u.rows - 4u) >> 2u;
//#else
//#for Q 4
  let fromA$P_$Q = min(row$P + $Q, u.rows - 1u) * (u.depth >> 2u);
//#end
//#end
//#end
//#end
//#for J columnQuads
//#if transposedB
//#for C 4
  let fromB$J_$C = min(column$J + $C, u.columns - 1u) * (u.depth >> 2u);
//#end
//#else
  let fromB$J = min(column$J, u.columns - 4u) >> 2u;
//#end
//#end
//#if transposedA
//#if subgroups
  for (var k0 = start; k0 < stop; k0 += lanes) {
//#for P rowQuads
    let own$P = select(vec4f(0.0), loadA(k0 + lane, row$P, u.depth, u.rows), k0 + lane < stop);
//#end
  for (var j = 0u; j < min(lanes, stop - k0); j++) {
    let k = k0 + j;
//#else
  for (var k = start; k < stop; k++) {
//#end
//#for P rowQuads
//#if subgroups
    let a$P = subgroupShuffle(own$P, j);
//#else
//#if vecA
    let a$P = a[fromA$P + k * (u.rows >> 2u)];
//#else
    let a$P = loadA(k, row$P, u.depth, u.rows);
//#end
//#end
//#end
//#for J columnQuads
//#if vecB
    let b$J = b[fromB$J + k * (u.columns >> 2u)];
//#else
    let b$J = loadB(k, column$J, u.depth, u.columns);
//#end
//#end
//#for P rowQuads
//#for Q 4
//#for J columnQuads
    sum$P_$Q_$J += a$P[$Q] * b$J;
//#end
//#end
//#end
//#if biasGradient
//#for P rowQuads
    biasSum$P += a$P;
//#end
//#end
  }
//#if subgroups
  }
//#end
//#else
//#if subgroups
  for (var k0 = start; k0 < stop; k0 += 4u * lanes) {
    let ownAt = k0 + 4u * lane;
//#for P rowQuads
//#for Q 4
    let own$P_$Q = select(vec4f(0.0), loadA(row$P + $Q, ownAt, u.rows, u.depth), ownAt < stop);
//#end
//#end
  for (var j = 0u; j < min(lanes, (stop - k0 + 3u) / 4u); j++) {
    let k = k0 + 4u * j;
//#else
  for (var k = start; k < stop; k += 4u) {
//#end
    let quad = k >> 2u;
//#for P rowQuads
//#for Q 4
//#if subgroups
    let a$P_$Q = subgroupShuffle(own$P_$Q, j);
//#else
//#if vecA
    let a$P_$Q = a[fromA$P_$Q + quad];
//#else
    let a$P_$Q = loadA(row$P + $Q, k, u.rows, u.depth);
//#end
//#end
//#end
//#end
//#for J columnQuads
//#if transposedB
//#for C 4
//#if vecB
    let b$J_$C = b[fromB$J_$C + quad];
//#else
    let b$J_$C = loadB(column$J + $C, k, u.columns, u.depth);
//#end
//#end
//#for P rowQuads
//#for Q 4
//#if subgroups
//#for C 4
    sum$P_$Q_$J += a$P_$Q[$C] * vec4f(b$J_0[$C], b$J_1[$C], b$J_2[$C], b$J_3[$C]);
//#end
//#else
    // Four depths at a time: on a processor a third faster than one after another.
    sum$P_$Q_$J += vec4f(dot(a$P_$Q, b$J_0), dot(a$P_$Q, b$J_1), dot(a$P_$Q, b$J_2), dot(a$P_$Q, b$J_3));
//#end
//#end
//#end
//#else
//#for C 4
//#if vecB
    // Behind the end, where A is 0, any row of B will do.
    let b$J_$C = b[fromB$J + min(k + $C, u.depth - 1u) * (u.columns >> 2u)];
//#else
    let b$J_$C = loadB(k + $C, column$J, u.depth, u.columns);
//#end
//#for P rowQuads
//#for Q 4
    sum$P_$Q_$J += a$P_$Q[$C] * b$J_$C;
//#end
//#end
//#end
//#end
//#end
  }
//#if subgroups
  }
//#end
//#end
//#end
//#for P rowQuads
//#for Q 4
//#for J columnQuads
  finish(tileRow + ($P * $threadsY + local.y) * 4u + $Q, tileColumn + ($J * $threadsX + local.x) * 4u, plane,
    sum$P_$Q_$J);
//#end
//#end
//#end
//#if biasGradient
  if (tileColumn == 0u && local.x == 0u) {
//#for P rowQuads
//#for Q 4
    finishBias(tileRow + ($P * $threadsY + local.y) * 4u + $Q, plane, biasSum$P[$Q]);
//#end
//#end
  }
//#end
}
