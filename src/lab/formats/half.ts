/** The value of a number in IEEE 754 half precision, from its 16 bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The 16 bits of the half-precision number nearest to a value, ties to even; too large a one is infinite. */
export function floatToHalf(value: number): number {
  single[0] = value;
  const bits = singleBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent === 128) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  if (exponent > 15) return sign | 0x7c00;
  if (exponent < -25) return sign;
  // Below 2^-14 halves are subnormal: the hidden bit moves into the fraction.
  const subnormal = exponent < -14;
  const significand = subnormal ? fraction | 0x800000 : fraction;
  const shift = subnormal ? -exponent - 1 : 13;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  let rounded = significand >> shift;
  if (rest > half || (rest === half && (rounded & 1) === 1)) rounded++;
  // A carry out of the fraction goes into the exponent, as it should.
  return sign | ((subnormal ? 0 : (exponent + 15) << 10) + rounded);
}

let floatOfHalf: Float32Array | null = null;

/** Numbers in half precision as float32. @param into of as many numbers; new memory without */
export function halvesToFloats(
  halves: Uint16Array,
  into: Float32Array<ArrayBuffer> = new Float32Array(halves.length),
): Float32Array<ArrayBuffer> {
  // There are no more than 65,536 of them.
  floatOfHalf ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => halfToFloat(half));
  for (let i = 0; i < halves.length; i++) into[i] = floatOfHalf[halves[i]!]!;
  return into;
}
