import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** The lab's one generator: xoroshiro128+, the same numbers on every machine. */
export function generator(seed: number): RandomGenerator {
  return xoroshiro128plus(seed);
}

/** A permutation of 0 ... n - 1 by Fisher and Yates. */
export function permutation(n: number, random: RandomGenerator): Int32Array<ArrayBuffer> {
  const order = Int32Array.from({ length: n }, (_, index) => index);
  for (let i = n - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
