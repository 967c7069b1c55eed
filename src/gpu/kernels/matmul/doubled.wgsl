// C (M, N) = epilogue(op(A) (M, K) op(B) (K, N)) as in tiled.wgsl, but with two tiles of either operand in workgroup
// memory: while one is multiplied, the next slice is on its way into registers, from where it goes into the other.
// The wait for memory hides behind the sums, and a slice takes one barrier instead of two.
// `plane` cuts K into parts (split-K): each part's product is a plane of C.
#include "operands"
#include "epilogue"
#include "hold$hold"
#if biasGradient
#include "finishBias"
#end

// (2, blockDepth, block's rows or columns / 4, a padding behind each)
var<workgroup> tileA: array<Held, 2 * $blockDepth * $strideA>;
var<workgroup> tileB: array<Held, 2 * $blockDepth * $strideB>;

@compute @workgroup_size($threadsX, $threadsY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "block"
  let thread = local.y * $threadsX + local.x;
  // Row at which the tile in use begins.
  var tile = 0u;
  {
#include "fetch$fillA" name=A from=start first=blockRow quads=$blockRowQuads extent=rows fills=$fillsA
#include "fetch$fillB" name=B from=start first=blockColumn quads=$blockColumnQuads extent=columns fills=$fillsB
#include "put$fillA" name=A row=tile quads=$blockRowQuads stride=$strideA fills=$fillsA
#include "put$fillB" name=B row=tile quads=$blockColumnQuads stride=$strideB fills=$fillsB
  }
  workgroupBarrier();
  for (var k0 = start; k0 < stop; k0 += $blockDepth) {
    // Behind the last slice comes one of zeros, which nobody reads.
    let k1 = k0 + $blockDepth;
#include "fetch$fillA" name=A from=k1 first=blockRow quads=$blockRowQuads extent=rows fills=$fillsA
#include "fetch$fillB" name=B from=k1 first=blockColumn quads=$blockColumnQuads extent=columns fills=$fillsB
    for (var k = 0u; k < $blockDepth; k++) {
      let slice = tile + k;
#include "addTiles" slice=slice
    }
    tile = $blockDepth - tile;
#include "put$fillA" name=A row=tile quads=$blockRowQuads stride=$strideA fills=$fillsA
#include "put$fillB" name=B row=tile quads=$blockColumnQuads stride=$strideB fills=$fillsB
    workgroupBarrier();
  }
#include "finish"
}
