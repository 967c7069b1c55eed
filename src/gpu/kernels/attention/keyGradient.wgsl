// Backward of attention at the keys and values, from dOut (T, C); P, dS and delta as in queryGradient.wgsl:
//   dv = sum over queries of mask P dOut,  dk = sum over queries of dS q / sqrt(size)
// dk and dv go into the second and third C columns of dqkv (T, 3C).
#include "head"
#if shared
#include "sumOfLanes" part=vec4f
#end
#include "load" name=Qkv buffer=qkv
#include "load" name=DOut buffer=dOut
#include "store" name=Dqkv buffer=dqkv

@compute @workgroup_size($lanes, $rowsEach)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
#include "place"
#for I quads
#if ownInRegisters
  let k$I = loadQkv(own + u.hidden, $I);
  let v$I = loadQkv(own + 2u * u.hidden, $I);
#end
  var dk$I = vec4f(0.0);
  var dv$I = vec4f(0.0);
#end
  // Which of the four factors that belong to a query is this key's.
  let lane = (token - start) % 4u;
  let mine = select(vec4f(0.0), vec4f(1.0), vec4u(lane) == vec4u(0u, 1u, 2u, 3u));
  for (var j = start + 4u * local.x; j < stop; j += 4u * $lanes) {
    let rows = rowsFrom(j, stop);
    let queries = rows * width + head * u.size;
    let outs = rows * u.hidden + head * u.size;
    var s = vec4f(0.0);
    var dp = vec4f(0.0);
#for I quads
#if !ownInRegisters
    let k$I = loadQkv(own + u.hidden, $I);
    let v$I = loadQkv(own + 2u * u.hidden, $I);
#end
    s += dotsQkv(k$I, queries, $I);
    dp += dotsDOut(v$I, outs, $I);
#end
    let at = head * u.tokens + rows;
    let lses = vec4f(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
    let deltas = vec4f(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);
    let p = within(j, stop, exp(s * u.scale - lses), 0.0);
    var mask = vec4f(1.0);
#if dropout
#for C 4
    mask[$C] = dot(mine, keyFactors(tokens[rows[$C]].w, head, (token - start) / 4u));
#end
#end
    let dropped = p * mask;
    let ds = p * (dp * mask - deltas) * u.scale;
#for I quads
    dk$I += addQkv(vec4f(0.0), ds, queries, $I);
    dv$I += addDOut(vec4f(0.0), dropped, outs, $I);
#end
  }
#if shared
#for I quads
  dk$I = sumOfRow(dk$I, local);
  dv$I = sumOfRow(dv$I, local);
#end
#end
  if (asked >= u.tokens * u.heads) { return; }
#for I quads
  if (local.x == $I % $lanes) {
    storeDqkv(own + u.hidden, $I, dk$I);
    storeDqkv(own + 2u * u.hidden, $I, dv$I);
  }
#end
}
