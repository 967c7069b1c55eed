// C (M, N) = epilogue(op(A) (M, K) op(B) (K, N)), one block of C a workgroup, each invocation with a tile of sums in
// registers. All invocations of a workgroup hold the same rows: each reads its share of A, and the values go round
// by subgroup operations. `plane` cuts K into parts (split-K): each part's product is a plane of C.
enable subgroups;
#include "operands"
#include "loadOp"
#include "epilogue"
#if biasGradient
#include "finishBias"
#end

@compute @workgroup_size($threadsX, $threadsY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u,
  @builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) lanes: u32) {
#include "block"
#include "reach"
  for (var k0 = start; k0 < stop; k0 += $depthAtOnce * lanes) {
    let ownAt = k0 + $depthAtOnce * lane;
#for P rowQuads
#for Q depthAtOnce
    let own$P_$Q = select(vec4f(0.0), loadOpA(row$P + $Q, ownAt), ownAt < stop);
#end
#end
    for (var j = 0u; j < min(lanes, (stop - k0 + $depthAtOnce - 1u) / $depthAtOnce); j++) {
      let k = k0 + $depthAtOnce * j;
#for P rowQuads
#for Q depthAtOnce
      let a$P_$Q = subgroupShuffle(own$P_$Q, j);
#end
#end
#include "multiply"
    }
  }
#include "finish"
}
