// Backward of attention at the queries, with P = exp(s - lse) made again (Dao et al., FlashAttention, 2022):
//   delta (heads, T) = dOut · o,  dS = P (mask dOut · v - delta),  dq = sum over keys of dS k / sqrt(size)
// dq goes into the first C columns of dqkv (T, 3C).
#include "head"
#if shared
#include "sumOfLanes" part=vec4f
#end
#include "load" name=Qkv buffer=qkv
#include "load" name=DOut buffer=dOut
#include "load" name=O buffer=o
#include "store" name=Dqkv buffer=dqkv

@compute @workgroup_size($lanes, $rowsEach)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "place"
  var ownDelta = 0.0;
#for I quads
#if ownInRegisters
  let q$I = loadQkv(own, $I);
  let d$I = loadDOut(ownOut, $I);
#end
  ownDelta += dot(loadDOut(ownOut, $I), loadO(ownOut, $I));
  var sum$I = vec4f(0.0);
#end
  for (var j = start + 4u * local.x; j < stop; j += 4u * $lanes) {
    let keys = rowsFrom(j, stop) * width + u.hidden + head * u.size;
    var s = vec4f(0.0);
    var dp = vec4f(0.0);
#for I quads
#if !ownInRegisters
    let q$I = loadQkv(own, $I);
    let d$I = loadDOut(ownOut, $I);
#end
    s += dotsQkv(q$I, keys, $I);
    dp += dotsQkv(d$I, keys + u.hidden, $I);
#end
    dp *= keyFactors(tokens[token].w, head, (j - start) / 4u);
    let p = within(j, stop, exp(s * u.scale - lse[id]), 0.0);
    let ds = p * (dp - ownDelta) * u.scale;
#for I quads
    sum$I += addQkv(vec4f(0.0), ds, keys, $I);
#end
  }
#if shared
#for I quads
  sum$I = sumOfRow(sum$I, local);
#end
#end
  if (asked >= u.tokens * u.heads) { return; }
  if (local.x == 0u) { delta[id] = ownDelta; }
#for I quads
  if (local.x == $I % $lanes) { storeDqkv(own, $I, sum$I); }
#end
}
