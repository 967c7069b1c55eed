import { multiplyAdd } from './multiplyAdd';

/**
 * e^x for x <= 0 in each lane, to 2 units in the last place: with n = round(x / ln 2), e^x = 2^n e^r, |r| <= ln 2 / 2, and
 * e^r by the polynomial of Cephes (expf.c). ln 2 is taken off in two parts, of which the first has few bits, so that n
 * times it is exact. Below -87 it is what e^-87 is, 1.6e-38, since smaller numbers are not normal.
 */
export function expOfNegative(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(Mathf.LOG2E)));
  let r = multiplyAdd(n, f32x4.splat(-0.693359375), bounded);
  r = multiplyAdd(n, f32x4.splat(2.1219444e-4), r);
  let p = f32x4.splat(1.98756915e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23));
}
