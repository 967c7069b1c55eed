// C (M, N) = epilogue(op(A) (M, K) op(B) (K, N)), one block of C a workgroup, each invocation with a tile of sums in
// registers. Each step loads a slice of A and of B, `blockDepth` deep, into workgroup memory.
// `plane` cuts K into parts (split-K): each part's product is a plane of C.
#include "operands"
#include "epilogue"
#include "hold$hold"
#if biasGradient
#include "finishBias"
#end

// (blockDepth, block's rows or columns / 4)
var<workgroup> tileA: array<Held, $blockDepth * $blockRowQuads>;
var<workgroup> tileB: array<Held, $blockDepth * $blockColumnQuads>;

@compute @workgroup_size($threadsX, $threadsY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "block"
  let thread = local.y * $threadsX + local.x;
  for (var k0 = start; k0 < stop; k0 += $blockDepth) {
#include "$fillA" name=A first=blockRow quads=$blockRowQuads extent=rows
#include "$fillB" name=B first=blockColumn quads=$blockColumnQuads extent=columns
    workgroupBarrier();
    for (var k = 0u; k < $blockDepth; k++) {
#for P rowQuads
    let a$P_0 = held(tileA[k * $blockRowQuads + $P * $threadsY + local.y]);
#end
#for J columnQuads
    let b$J_0 = held(tileB[k * $blockColumnQuads + $J * $threadsX + local.x]);
#include "add"
#end
#include "addBias"
    }
    workgroupBarrier();
  }
#include "finish"
}
