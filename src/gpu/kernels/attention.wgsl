// Multi-head attention over packed texts: each token sees the tokens of its own text alone, so padding
// needs no mask. P = softmax(q k^T / sqrt(size)), o = dropout(P) v. One invocation takes one token and one
// head and walks the other side four at a time. P is never stored: the forward pass keeps the running
// maximum and sum (Milakov and Gimelshein, 2018) and leaves lse = log sum exp; the backward pass makes
// P = exp(s - lse) again (Dao et al., FlashAttention, 2022):
//   forward        o and lse
//   queryGradient  delta = do . o,  dS = P (mask do . v - delta),  dq = sum over keys of dS k / sqrt(size)
//   keyGradient    dv = sum over queries of mask P do,  dk = sum over queries of dS q / sqrt(size)
// q, k and v lie side by side in one matrix [tokens, 3 hidden]; so do their gradients.
struct Parameters {
  base: u32,
  tokens: u32,
  heads: u32,
  // Columns of one head and of all heads.
  size: u32,
  hidden: u32,
  scale: f32,
  dropoutKey: u32,
  dropoutSite: u32,
  dropoutThreshold: u32,
  dropoutScale: f32,
}

@group(0) @binding(0) var<uniform> u: Parameters;
// Per token: slot, position, text of the batch's part, key of its dropout masks.
@group(0) @binding(1) var<storage, read> tokens: array<vec4u>;
// Per text: first token, length, row of the whole batch.
@group(0) @binding(2) var<storage, read> texts: array<vec4u>;
@group(0) @binding(3) var<storage, read> qkv: array<$value>;
//#if forward
@group(0) @binding(4) var<storage, read_write> lse: array<f32>;
@group(0) @binding(5) var<storage, read_write> o: array<$value>;
//#else
@group(0) @binding(4) var<storage, read> lse: array<f32>;
@group(0) @binding(5) var<storage, read> dOut: array<$value>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<$value>;
@group(0) @binding(7) var<storage, read_write> delta: array<f32>;
//#if queryGradient
@group(0) @binding(8) var<storage, read> o: array<$value>;
//#end
//#end

// Column `quad` of four of a head's part that begins at `at`.
fn loadQkv(at: u32, quad: u32) -> vec4f {
//#if vector
  return qkv[(at >> 2u) + quad];
//#else
  var v = vec4f(0.0);
  for (var c = 0u; c < min(4u, u.size - quad * 4u); c++) { v[c] = qkv[at + quad * 4u + c]; }
  return v;
//#end
}

//#if forward
fn storeO(at: u32, quad: u32, v: vec4f) {
//#if vector
  o[(at >> 2u) + quad] = v;
//#else
  for (var c = 0u; c < min(4u, u.size - quad * 4u); c++) { o[at + quad * 4u + c] = v[c]; }
//#end
}
//#else
fn loadDOut(at: u32, quad: u32) -> vec4f {
//#if vector
  return dOut[(at >> 2u) + quad];
//#else
  var v = vec4f(0.0);
  for (var c = 0u; c < min(4u, u.size - quad * 4u); c++) { v[c] = dOut[at + quad * 4u + c]; }
  return v;
//#end
}

fn storeDqkv(at: u32, quad: u32, v: vec4f) {
//#if vector
  dqkv[(at >> 2u) + quad] = v;
//#else
  for (var c = 0u; c < min(4u, u.size - quad * 4u); c++) { dqkv[at + quad * 4u + c] = v[c]; }
//#end
}
//#if queryGradient
fn loadO(at: u32, quad: u32) -> vec4f {
//#if vector
  return o[(at >> 2u) + quad];
//#else
  var v = vec4f(0.0);
  for (var c = 0u; c < min(4u, u.size - quad * 4u); c++) { v[c] = o[at + quad * 4u + c]; }
  return v;
//#end
}
//#end
//#end

//#if dropout
// Factors of the four keys `quad` of the query of this key, in this head.
fn keyFactors(queryKey: u32, head: u32, quad: u32) -> vec4f {
  return dropoutFactors(vec4u(queryKey, quad, u.dropoutSite + (head << 16u), u.dropoutKey));
}
//#end

@compute @workgroup_size($threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let id = (u.base + group.x) * $threads + local.x;
  if (id >= u.tokens * u.heads) { return; }
  let token = id % u.tokens;
  let head = id / u.tokens;
  let text = texts[tokens[token].z];
  let start = text.x;
  let stop = text.x + text.y;
  let width = 3u * u.hidden;
  let own = token * width + head * u.size;
  let ownOut = token * u.hidden + head * u.size;
//#if forward
//#for I quads
  let q$I = loadQkv(own, $I) * u.scale;
  var sum$I = vec4f(0.0);
//#end
  var highest = -3.0e38;
  var weight = 0.0;
  for (var j = start; j < stop; j += 4u) {
    var s = vec4f(0.0);
//#for C 4
    let at$C = min(j + $C, stop - 1u) * width + u.hidden + head * u.size;
//#for I quads
    s[$C] += dot(q$I, loadQkv(at$C, $I));
//#end
//#end
    s = select(vec4f(-3.0e38), s, vec4u(j, j + 1u, j + 2u, j + 3u) < vec4u(stop));
    let risen = max(highest, max(max(s.x, s.y), max(s.z, s.w)));
    let keep = exp(highest - risen);
    var p = exp(s - risen);
    weight = weight * keep + dot(p, vec4f(1.0));
    highest = risen;
//#if dropout
    p *= keyFactors(tokens[token].w, head, (j - start) / 4u);
//#end
//#for I quads
    sum$I = sum$I * keep + p.x * loadQkv(at0 + u.hidden, $I) + p.y * loadQkv(at1 + u.hidden, $I)
      + p.z * loadQkv(at2 + u.hidden, $I) + p.w * loadQkv(at3 + u.hidden, $I);
//#end
  }
//#for I quads
  storeO(ownOut, $I, sum$I / weight);
//#end
  lse[id] = highest + log(weight);
//#end
//#if queryGradient
  var own_delta = 0.0;
//#for I quads
//#if ownInRegisters
  let q$I = loadQkv(own, $I);
  let d$I = loadDOut(ownOut, $I);
//#end
  own_delta += dot(loadDOut(ownOut, $I), loadO(ownOut, $I));
  var sum$I = vec4f(0.0);
//#end
  delta[id] = own_delta;
  for (var j = start; j < stop; j += 4u) {
    var s = vec4f(0.0);
    var dp = vec4f(0.0);
//#for C 4
    let at$C = min(j + $C, stop - 1u) * width + u.hidden + head * u.size;
//#end
//#for I quads
//#if !ownInRegisters
    let q$I = loadQkv(own, $I);
    let d$I = loadDOut(ownOut, $I);
//#end
    s += vec4f(dot(q$I, loadQkv(at0, $I)), dot(q$I, loadQkv(at1, $I)), dot(q$I, loadQkv(at2, $I)),
      dot(q$I, loadQkv(at3, $I)));
    dp += vec4f(dot(d$I, loadQkv(at0 + u.hidden, $I)), dot(d$I, loadQkv(at1 + u.hidden, $I)),
      dot(d$I, loadQkv(at2 + u.hidden, $I)), dot(d$I, loadQkv(at3 + u.hidden, $I)));
//#end
//#if dropout
    dp *= keyFactors(tokens[token].w, head, (j - start) / 4u);
//#end
    let p = select(vec4f(0.0), exp(s * u.scale - lse[id]), vec4u(j, j + 1u, j + 2u, j + 3u) < vec4u(stop));
    let ds = p * (dp - own_delta) * u.scale;
//#for I quads
    sum$I += ds.x * loadQkv(at0, $I) + ds.y * loadQkv(at1, $I) + ds.z * loadQkv(at2, $I)
      + ds.w * loadQkv(at3, $I);
//#end
  }
//#for I quads
  storeDqkv(own, $I, sum$I);
//#end
//#end
//#if keyGradient
//#for I quads
//#if ownInRegisters
  let k$I = loadQkv(own + u.hidden, $I);
  let v$I = loadQkv(own + 2u * u.hidden, $I);
//#end
  var dk$I = vec4f(0.0);
  var dv$I = vec4f(0.0);
//#end
//#if dropout
  let lane = (token - start) % 4u;
  let mine = select(vec4f(0.0), vec4f(1.0), vec4u(lane) == vec4u(0u, 1u, 2u, 3u));
//#end
  for (var j = start; j < stop; j += 4u) {
    var s = vec4f(0.0);
    var dp = vec4f(0.0);
//#for C 4
    let query$C = min(j + $C, stop - 1u);
    let at$C = query$C * width + head * u.size;
    let out$C = query$C * u.hidden + head * u.size;
//#end
//#for I quads
//#if !ownInRegisters
    let k$I = loadQkv(own + u.hidden, $I);
    let v$I = loadQkv(own + 2u * u.hidden, $I);
//#end
    s += vec4f(dot(k$I, loadQkv(at0, $I)), dot(k$I, loadQkv(at1, $I)), dot(k$I, loadQkv(at2, $I)),
      dot(k$I, loadQkv(at3, $I)));
    dp += vec4f(dot(v$I, loadDOut(out0, $I)), dot(v$I, loadDOut(out1, $I)), dot(v$I, loadDOut(out2, $I)),
      dot(v$I, loadDOut(out3, $I)));
//#end
    let row = head * u.tokens;
    let lses = vec4f(lse[row + query0], lse[row + query1], lse[row + query2], lse[row + query3]);
    let deltas = vec4f(delta[row + query0], delta[row + query1], delta[row + query2], delta[row + query3]);
    let p = select(vec4f(0.0), exp(s * u.scale - lses), vec4u(j, j + 1u, j + 2u, j + 3u) < vec4u(stop));
//#if dropout
    let quad = (token - start) / 4u;
    let mask = vec4f(dot(mine, keyFactors(tokens[query0].w, head, quad)),
      dot(mine, keyFactors(tokens[query1].w, head, quad)), dot(mine, keyFactors(tokens[query2].w, head, quad)),
      dot(mine, keyFactors(tokens[query3].w, head, quad)));
    let dropped = p * mask;
    let ds = p * (dp * mask - deltas) * u.scale;
//#else
    let dropped = p;
    let ds = p * (dp - deltas) * u.scale;
//#end
//#for I quads
    dk$I += ds.x * loadQkv(at0, $I) + ds.y * loadQkv(at1, $I) + ds.z * loadQkv(at2, $I)
      + ds.w * loadQkv(at3, $I);
    dv$I += dropped.x * loadDOut(out0, $I) + dropped.y * loadDOut(out1, $I) + dropped.z * loadDOut(out2, $I)
      + dropped.w * loadDOut(out3, $I);
//#end
  }
//#for I quads
  storeDqkv(own + u.hidden, $I, dk$I);
  storeDqkv(own + 2u * u.hidden, $I, dv$I);
//#end
//#end
}
