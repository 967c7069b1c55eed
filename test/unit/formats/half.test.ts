import { describe, expect, it, test } from 'vitest';
import { floatToHalf, halfToFloat } from '../../../src/lab/formats/half.ts';

// https://en.wikipedia.org/wiki/Half-precision_floating-point_format#Half_precision_examples
test.each([
  [0x0000, 0],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x3c00, 1],
  [0x3c01, 1.0009765625],
  [0x7bff, 65504],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0x8000, -0],
  [0xc000, -2],
  [0xfc00, Number.NEGATIVE_INFINITY],
  [0x7e00, Number.NaN],
])('the bits %i are %d', (bits, value) => {
  expect(halfToFloat(bits)).toBe(value);
});

describe('floatToHalf', () => {
  it('gives back every finite half', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      if ((bits & 0x7c00) === 0x7c00) continue;
      expect(floatToHalf(halfToFloat(bits))).toBe(bits === 0x8000 ? 0x8000 : bits);
    }
  });

  it('rounds to the nearest, ties to even, worked by hand', () => {
    // Between 1 and 2 halves are 2^-10 apart.
    expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(floatToHalf(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    expect(floatToHalf(2 ** -25)).toBe(0);
    expect(floatToHalf(2 ** -25 * 1.5)).toBe(1);
    expect(floatToHalf(65519)).toBe(0x7bff);
    expect(floatToHalf(65520)).toBe(0x7c00);
    expect(floatToHalf(Number.NEGATIVE_INFINITY)).toBe(0xfc00);
    expect(halfToFloat(floatToHalf(Number.NaN))).toBeNaN();
  });
});
