// Multi-head attention over packed texts: P = softmax(q kᵀ / sqrt(size)), o (T, C) = dropout(P) v.
// Each token sees the tokens of its own text alone, so padding needs no mask. q, k and v lie side by side in
// qkv (T, 3C). `lanes` invocations share one token and one head, and walk the keys four at a time. P is never stored:
// the running maximum and sum (Milakov and Gimelshein, 2018) leave lse (heads, T) = log sum exp for the way back.
#include "head"
#if shared
#include "sumOfLanes" part=vec4f
#include "maxOfLanes"
#end
#include "load" name=Qkv buffer=qkv
#include "store" name=O buffer=o

@compute @workgroup_size($lanes, $rowsEach)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "place"
#for I quads
  let q$I = loadQkv(own, $I) * u.scale;
  var sum$I = vec4f(0.0);
#end
  var highest = -3.0e38;
  var weight = 0.0;
  for (var j = start + 4u * local.x; j < stop; j += 4u * $lanes) {
    let keys = rowsFrom(j, stop) * width + u.hidden + head * u.size;
    var s = vec4f(0.0);
#for I quads
    s += dotsQkv(q$I, keys, $I);
#end
    s = within(j, stop, s, -3.0e38);
    let risen = max(highest, max(max(s.x, s.y), max(s.z, s.w)));
    let keep = exp(highest - risen);
    var p = exp(s - risen);
    weight = weight * keep + dot(p, vec4f(1.0));
    highest = risen;
    p *= keyFactors(tokens[token].w, head, (j - start) / 4u);
#for I quads
    sum$I = addQkv(sum$I * keep, p, keys + u.hidden, $I);
#end
  }
#if shared
#include "joinLanes"
#end
  if (asked >= u.tokens * u.heads) { return; }
#for I quads
  if (local.x == $I % $lanes) { storeO(ownOut, $I, sum$I / weight); }
#end
  if (local.x == 0u) { lse[id] = highest + log(weight); }
}
