import { expect } from 'vitest';

interface Tolerance {
  /** Largest absolute difference allowed. */
  readonly atol?: number;
  /** Added to it, times the expected value's size. */
  readonly rtol?: number;
}

interface AllcloseMatchers<R> {
  /** Every element within `atol + rtol * |expected|`; NaN is close to nothing. */
  toBeAllclose(expected: ArrayLike<number>, tolerance?: Tolerance): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares its own interface with this default.
  interface Matchers<T = any> extends AllcloseMatchers<T> {}
}

expect.extend({
  toBeAllclose(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance = {}) {
    const { atol = 1e-6, rtol = 0 } = tolerance;
    let worst = -1;
    let excess = 0;
    if (received.length === expected.length) {
      for (let i = 0; i < expected.length; i++) {
        const over = Math.abs(received[i]! - expected[i]!) - atol - rtol * Math.abs(expected[i]!);
        if (!(over <= 0) && !(over <= excess)) {
          worst = i;
          excess = over;
          if (Number.isNaN(over)) break;
        }
      }
    }
    return {
      pass: received.length === expected.length && worst < 0,
      message: () =>
        received.length === expected.length
          ? `element ${worst} is ${received[worst]}, expected ${expected[worst]} within ${atol} + ${rtol} * |expected|`
          : `length is ${received.length}, expected ${expected.length}`,
    };
  },
});
