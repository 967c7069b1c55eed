import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { onTestFailed } from 'vitest';
import { generator } from '../../src/base/random.ts';

export interface FreshRandom {
  readonly seed: number;
  /** Standard normal values. */
  normal(length: number): Float32Array<ArrayBuffer>;
  /** An integer of [from, to]. */
  int(from: number, to: number): number;
  uniform(): number;
}

/** New random input in every run; the seed is printed when the test fails, to be given here again. */
export function freshRandom(seed = Math.floor(Math.random() * 2 ** 31)): FreshRandom {
  onTestFailed(() => console.error(`The random input's seed was ${seed}.`));
  const random = generator(seed);
  const uniform = (): number => uniformFloat64(random);
  return {
    seed,
    uniform,
    int: (from, to) => uniformInt(random, from, to),
    normal: (length) =>
      Float32Array.from(
        { length },
        () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
      ),
  };
}
