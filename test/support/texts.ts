import type { TextRows } from '../../src/gpu/kernels/shared/rows.ts';
import { type PackedTexts, packTexts, type TokenRow, WordSlots } from '../../src/gpu/training/pack.ts';
import type { KernelBed } from './kernels.ts';
import type { FreshRandom } from './random.ts';

export const positions = 40;

export interface TestTexts {
  readonly packed: PackedTexts;
  readonly onDevice: TextRows;
  /** First token and length of each text. */
  readonly spans: readonly (readonly [first: number, length: number])[];
  /** Row of each text's pooled vector. */
  readonly batchRows: readonly number[];
  /** Key of each token's dropout masks. */
  readonly keys: readonly number[];
  readonly ids: readonly number[];
}

/** Texts of random words and the given lengths, put into shuffled rows of a larger batch. */
export function testTexts(
  bed: KernelBed,
  random: FreshRandom,
  lengths: readonly number[],
  vocabulary = 50,
): TestTexts {
  const rows: TokenRow[] = lengths.map((length) =>
    Int32Array.from({ length }, () => random.int(0, vocabulary - 1)),
  );
  const batchRows = rows.map((_, index) => (index * 2 + 1) % (2 * rows.length));
  const slots = new WordSlots(rows);
  const packed = packTexts(rows, batchRows, slots, { positions });
  let first = 0;
  const spans = lengths.map((length) => {
    const span = [first, length] as const;
    first += length;
    return span;
  });
  return {
    packed,
    onDevice: {
      tokens: bed.put(packed.tokens),
      texts: bed.put(packed.texts),
      tokenCount: packed.tokenCount,
      textCount: packed.textCount,
      longest: packed.longest,
    },
    spans,
    batchRows,
    keys: Array.from({ length: packed.tokenCount }, (_, token) => packed.tokens[4 * token + 3]!),
    ids: slots.ids,
  };
}
