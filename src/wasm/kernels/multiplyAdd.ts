/**
 * x y + z in each lane: rounded once where the module is built for relaxed SIMD and the processor has the instruction,
 * twice elsewhere.
 */
export function multiplyAdd(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, z);
  return f32x4.add(f32x4.mul(x, y), z);
}
