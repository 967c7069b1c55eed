import { expOfNegative } from './exp';
import { multiplyAdd } from './multiplyAdd';

/**
 * erf by the rational minimax approximation of Eigen and XLA: x P(x^2) / Q(x^2) on [-4, 4], a few units in the last
 * place of float32.
 */
function erf(x: v128): v128 {
  const c = f32x4.max(f32x4.min(x, f32x4.splat(4)), f32x4.splat(-4));
  const s = f32x4.mul(c, c);
  let p = multiplyAdd(s, f32x4.splat(-2.72614225801306e-10), f32x4.splat(2.77068142495902e-8));
  p = multiplyAdd(p, s, f32x4.splat(-2.10102402082508e-6));
  p = multiplyAdd(p, s, f32x4.splat(-5.69250639462346e-5));
  p = multiplyAdd(p, s, f32x4.splat(-7.34990630326855e-4));
  p = multiplyAdd(p, s, f32x4.splat(-2.95459980854025e-3));
  p = multiplyAdd(p, s, f32x4.splat(-1.60960333262415e-2));
  let q = multiplyAdd(s, f32x4.splat(-1.45660718464996e-5), f32x4.splat(-2.13374055278905e-4));
  q = multiplyAdd(q, s, f32x4.splat(-1.68282697438203e-3));
  q = multiplyAdd(q, s, f32x4.splat(-7.37332916720468e-3));
  q = multiplyAdd(q, s, f32x4.splat(-1.42647390514189e-2));
  return f32x4.div(f32x4.mul(c, p), q);
}

/** Exact GELU, x (1 + erf(x / sqrt 2)) / 2, in place. @param count a multiple of 4 */
export function gelu(at: usize, count: i32): void {
  const half = f32x4.splat(0.5);
  const end = at + ((<usize>count) << 2);
  for (; at < end; at += 16) {
    const x = v128.load(at);
    const cdf = multiplyAdd(half, erf(f32x4.mul(x, f32x4.splat(Mathf.SQRT1_2))), half);
    v128.store(at, f32x4.mul(x, cdf));
  }
}

/**
 * GELU by tanh, x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), in place. With z = e^(-2 |u|),
 * (1 + tanh u) / 2 is 1 / (1 + z) for u >= 0 and z / (1 + z) below. @param count a multiple of 4
 */
export function tanhGelu(at: usize, count: i32): void {
  const one = f32x4.splat(1);
  const end = at + ((<usize>count) << 2);
  for (; at < end; at += 16) {
    const x = v128.load(at);
    const cubic = multiplyAdd(f32x4.mul(f32x4.splat(0.044715), f32x4.mul(x, x)), x, x);
    const u = f32x4.mul(f32x4.splat(0.7978845608028654), cubic);
    const z = expOfNegative(f32x4.mul(f32x4.abs(u), f32x4.splat(-2)));
    const numerator = v128.bitselect(z, one, f32x4.lt(u, f32x4.splat(0)));
    v128.store(at, f32x4.mul(x, f32x4.div(numerator, f32x4.add(one, z))));
  }
}
