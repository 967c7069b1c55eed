// What is done with four neighbouring sums of a row before they are stored:
//   none          v                          bias          v + bias
//   biasGelu      gelu(v + bias), and `before` keeps v + bias
//   biasResidual  dropout(v + bias) + residual
//   geluGradient  v gelu'(before), and `before` becomes gelu(before)
//   add           v + residual
//   biasGradient  v; the row sums of op(A) go through finishBias
#include "dropout"
#include "$geluFile"
#include "loadQuad" name=C buffer=c vector=$vecC
#include "storeQuad" name=C buffer=c vector=$vecC
#if bias
#include "loadQuad" name=Bias buffer=bias vector=$vecC
#end
#if residual
#include "loadQuad" name=Residual buffer=residual vector=$vecC
#end
#if before
#include "loadQuad" name=Before buffer=before vector=$vecC
#include "storeQuad" name=Before buffer=before vector=$vecC
#end

fn finish(row: u32, column: u32, plane: u32, sum: vec4f) {
  if (row >= u.rows || column >= u.columns) { return; }
  let at = plane * u.rows * u.columns + row * u.columns + column;
  let left = u.columns - column;
  var v = sum * u.alpha;
#if bias
  v += loadBias(column, left);
#end
#if gelu
  storeBefore(at, left, v);
  v = gelu(v);
#end
#if geluGradient
  v *= geluSlope(loadBefore(at, left));
  storeBefore(at, left, gelu(loadBefore(at, left)));
#end
#if dropout
  v *= dropoutFactors(vec4u(tokens[row].w, column >> 2u, u.dropoutSite, u.dropoutKey));
#end
#if residual
  v += loadResidual(at, left);
#end
  if (u.accumulate != 0u) { v += loadC(at, left); }
  storeC(at, left, v);
}
