import { expect, test } from 'vitest';
import { packTexts, WordSlots } from '../../../src/gpu/training/pack.ts';

/** Positions of the tokens of one text. */
function positionsOf(ids: readonly number[], firstPosition?: number): number[] {
  const row = Int32Array.from(ids);
  const { tokens } = packTexts([row], [0], new WordSlots([row]), { positions: 16, firstPosition });
  return ids.map((_, at) => tokens[4 * at + 1]!);
}

test('positions count from 0', () => {
  expect(positionsOf([0, 7, 1, 9, 2])).toEqual([0, 1, 2, 3, 4]);
});

test('positions counted from behind the padding token pass it over where a text spells it', () => {
  // As create_position_ids_from_input_ids of transformers' RoBERTa with padding 1.
  expect(positionsOf([0, 7, 1, 9, 2], 2)).toEqual([2, 3, 1, 4, 5]);
});
