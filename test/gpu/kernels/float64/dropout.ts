import type { Dropout } from '../../../../src/gpu/kernels/shared/dropout.ts';

/** pcg4d of Jarzynski and Olano, 2020. */
export function pcg4d(counter: readonly [number, number, number, number]): Uint32Array {
  const v = Uint32Array.from(counter, (word) => Math.imul(word, 1664525) + 1013904223);
  const mix = (): void => {
    v[0] = v[0]! + Math.imul(v[1]!, v[3]!);
    v[1] = v[1]! + Math.imul(v[2]!, v[0]!);
    v[2] = v[2]! + Math.imul(v[0]!, v[1]!);
    v[3] = v[3]! + Math.imul(v[1]!, v[2]!);
  };
  mix();
  for (let i = 0; i < 4; i++) v[i] = v[i]! ^ (v[i]! >>> 16);
  mix();
  return v;
}

/** Factor of one column of the row whose masks have this key: 0, or 1 / (1 - rate). */
export function factor(dropout: Dropout | null, key: number, column: number, head = 0): number {
  if (!dropout) return 1;
  const words = pcg4d([key, column >>> 2, dropout.site + head * 2 ** 16, dropout.key]);
  return words[column & 3]! >= Math.floor(dropout.rate * 2 ** 32) ? 1 / (1 - dropout.rate) : 0;
}
