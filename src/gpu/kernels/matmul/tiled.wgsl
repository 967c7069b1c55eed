// C (M, N) = epilogue(op(A) (M, K) op(B) (K, N)), one block of C a workgroup, each invocation with a tile of sums in
// registers. Each step loads a slice of A and of B, `blockDepth` deep, into workgroup memory.
// `plane` cuts K into parts (split-K): each part's product is a plane of C.
#include "operands"
#include "epilogue"
#include "hold$hold"
#if biasGradient
#include "finishBias"
#end

// (blockDepth, block's rows or columns / 4, a padding behind each)
var<workgroup> tileA: array<Held, $blockDepth * $strideA>;
var<workgroup> tileB: array<Held, $blockDepth * $strideB>;

@compute @workgroup_size($threadsX, $threadsY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "block"
  let thread = local.y * $threadsX + local.x;
  for (var k0 = start; k0 < stop; k0 += $blockDepth) {
#include "fetch$fillA" name=A from=k0 first=blockRow quads=$blockRowQuads extent=rows fills=$fillsA
#include "fetch$fillB" name=B from=k0 first=blockColumn quads=$blockColumnQuads extent=columns fills=$fillsB
#include "put$fillA" name=A row=0u quads=$blockRowQuads stride=$strideA fills=$fillsA
#include "put$fillB" name=B row=0u quads=$blockColumnQuads stride=$strideB fills=$fillsB
    workgroupBarrier();
    for (var k = 0u; k < $blockDepth; k++) {
#include "addTiles" slice=k
    }
    workgroupBarrier();
  }
#include "finish"
}
