// C (M, N) = epilogue(op(A) (M, K) op(B) (K, N)), one block of C a workgroup, each invocation with a tile of sums in
// registers. Both operands are read through the cache, which suits adapters that run on a processor.
// `plane` cuts K into parts (split-K): each part's product is a plane of C.
#include "operands"
#include "loadOp"
#include "epilogue"
#if biasGradient
#include "finishBias"
#end

@compute @workgroup_size($threadsX, $threadsY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "block"
#include "reach"
#for P rowQuads
#for Q depthAtOnce
#if transposedA
  let fromA$P_$Q = min(row$P, u.rows - 4u) >> 2u;
#else
  let fromA$P_$Q = min(row$P + $Q, u.rows - 1u) * (u.depth >> 2u);
#end
#end
#end
  for (var k = start; k < stop; k += $depthAtOnce) {
#if transposedA
    let stepA = k * (u.rows >> 2u);
#else
    let stepA = k >> 2u;
#end
#for P rowQuads
#for Q depthAtOnce
#if vecA
    let a$P_$Q = a[fromA$P_$Q + stepA];
#else
    let a$P_$Q = loadOpA(row$P + $Q, k);
#end
#end
#end
#include "multiply"
  }
#include "finish"
}
