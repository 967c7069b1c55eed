import { expect, test } from 'vitest';
import { joinBytes } from '../../../src/base/bytes.ts';

test('arrays of all types are joined as they lie in memory, parts of larger ones alone', () => {
  const whole = Uint8Array.of(9, 1, 2, 9);
  expect([...joinBytes([whole.subarray(1, 3), Int16Array.of(258), Float32Array.of(1)])]).toEqual([
    1, 2, 2, 1, 0, 0, 128, 63,
  ]);
  expect(joinBytes([])).toHaveLength(0);
});
