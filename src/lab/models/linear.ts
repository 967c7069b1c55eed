/**
 * W x + b, summed in float64, as PyTorch's `Linear` has it.
 * @param x (ins)
 * @param weight (outs, ins)
 * @param bias (outs), null for none
 * @returns (outs)
 */
export function linear(
  x: ArrayLike<number>,
  weight: Float32Array,
  bias: Float32Array | null,
): Float64Array<ArrayBuffer> {
  const ins = x.length;
  const given = new Float64Array(weight.length / ins);
  for (let out = 0; out < given.length; out++) {
    let sum = bias?.[out] ?? 0;
    for (let i = 0; i < ins; i++) sum += x[i]! * weight[out * ins + i]!;
    given[out] = sum;
  }
  return given;
}
