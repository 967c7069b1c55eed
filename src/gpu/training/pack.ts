import type { EncoderShape } from '../../base/bertShape.ts';

/** Token ids of one text, specials included, without padding. */
export type TokenRow = Int32Array;

/**
 * Sums of rows by where they go, without atomics: the rows of each target are listed one after another and
 * cut into segments. A target with many rows is summed in two levels, so that no invocation sums for long.
 */
export interface ScatterPlan {
  /** Source rows, target after target. */
  readonly order: Uint32Array<ArrayBuffer>;
  /** [begin, end, target, 0] in `order`: targets with few rows. */
  readonly direct: Uint32Array<ArrayBuffer>;
  /** [begin, end, number of the partial sum, 0] in `order`. */
  readonly partial: Uint32Array<ArrayBuffer>;
  /** Partial sums, target after target: their numbers. */
  readonly finalOrder: Uint32Array<ArrayBuffer>;
  /** [begin, end, target, 0] in `finalOrder`. */
  readonly final: Uint32Array<ArrayBuffer>;
}

/** Rows that one invocation sums. */
const longestSegment = 32;

/** @param targets of each entry its target; @param sources of each entry its source row */
export function planScatter(targets: ArrayLike<number>, sources: ArrayLike<number>): ScatterPlan {
  const byTarget = Array.from({ length: targets.length }, (_, entry) => entry).sort(
    (a, b) => targets[a]! - targets[b]! || a - b,
  );
  const order = Uint32Array.from(byTarget, (entry) => sources[entry]!);
  const direct: number[] = [];
  const partial: number[] = [];
  const final: number[] = [];
  let partials = 0;
  for (let begin = 0; begin < byTarget.length; ) {
    const target = targets[byTarget[begin]!]!;
    let end = begin + 1;
    while (end < byTarget.length && targets[byTarget[end]!]! === target) end++;
    if (end - begin <= longestSegment) {
      direct.push(begin, end, target, 0);
    } else {
      const first = partials;
      for (let at = begin; at < end; at += longestSegment) {
        partial.push(at, Math.min(end, at + longestSegment), partials++, 0);
      }
      final.push(first, partials, target, 0);
    }
    begin = end;
  }
  return {
    order,
    direct: Uint32Array.from(direct),
    partial: Uint32Array.from(partial),
    finalOrder: Uint32Array.from({ length: partials }, (_, number) => number),
    final: Uint32Array.from(final),
  };
}

/** Some texts of a batch, packed one behind the other without padding, as the kernels take them. */
export interface PackedTexts {
  readonly tokenCount: number;
  readonly textCount: number;
  /** Tokens of the longest text. */
  readonly longest: number;
  /** Per token: slot of its word, position, text of this part, key of its dropout masks. */
  readonly tokens: Uint32Array<ArrayBuffer>;
  /** Per text: first token, length, row of the whole batch, 0. */
  readonly texts: Uint32Array<ArrayBuffer>;
  /** Gradient of the words: tokens to slots. */
  readonly words: ScatterPlan;
  /** Gradient of the position and type tables: tokens to rows of the two tables, one upon the other. */
  readonly tables: ScatterPlan;
}

const noSlot = 0xffffffff;

/** Distinct words of a batch; each has a slot in the matrix of those that the batch touches. */
export class WordSlots {
  readonly ids: readonly number[];
  readonly #slots = new Map<number, number>();

  constructor(rows: readonly TokenRow[]) {
    // By id, so that the slots of one page of the table are neighbours.
    this.ids = [...new Set(rows.flatMap((row) => [...row]))].sort((a, b) => a - b);
    for (const [slot, id] of this.ids.entries()) this.#slots.set(id, slot);
  }

  of(id: number): number {
    return this.#slots.get(id)!;
  }

  /** (V): of each row of the word table its slot, 0xffffffff where it has none. */
  ofRows(vocabulary: number): Uint32Array<ArrayBuffer> {
    const slots = new Uint32Array(vocabulary).fill(noSlot);
    for (const [slot, id] of this.ids.entries()) slots[id] = slot;
    return slots;
  }
}

/**
 * @param rows texts of this part
 * @param batchRows of each text its row in the whole batch
 * @param shape whose position table has `positions` rows; type 0, the only one there is, comes behind them
 */
export function packTexts(
  rows: readonly TokenRow[],
  batchRows: readonly number[],
  slots: WordSlots,
  { positions, firstPosition = 0 }: Pick<EncoderShape, 'positions' | 'firstPosition'>,
): PackedTexts {
  const tokenCount = rows.reduce((sum, row) => sum + row.length, 0);
  const tokens = new Uint32Array(4 * tokenCount);
  const texts = new Uint32Array(4 * rows.length);
  const wordTargets = new Uint32Array(tokenCount);
  const tableTargets = new Uint32Array(2 * tokenCount);
  const tableSources = new Uint32Array(2 * tokenCount);
  let t = 0;
  for (const [index, row] of rows.entries()) {
    const batchRow = batchRows[index]!;
    texts.set([t, row.length, batchRow, 0], 4 * index);
    const positionOf = placed(firstPosition);
    for (const [at, id] of row.entries()) {
      const slot = slots.of(id);
      const position = positionOf(id);
      tokens.set([slot, position, index, batchRow * positions + at], 4 * t);
      wordTargets[t] = slot;
      tableTargets[t] = position;
      tableTargets[tokenCount + t] = positions;
      tableSources[t] = t;
      tableSources[tokenCount + t] = t;
      t++;
    }
  }
  return {
    tokenCount,
    textCount: rows.length,
    longest: rows.reduce((most, row) => Math.max(most, row.length), 0),
    tokens,
    texts,
    words: planScatter(wordTargets, tableSources.subarray(0, tokenCount)),
    tables: planScatter(tableTargets, tableSources),
  };
}

/**
 * Positions of a text's tokens, asked for one after another. Counted from behind the padding token's id, padding
 * within a text, which is written there in letters, has that token's own position and is not counted, as in
 * `create_position_ids_from_input_ids` of transformers' RoBERTa.
 */
function placed(firstPosition: number): (id: number) => number {
  let next = firstPosition;
  return (id) => (id === firstPosition - 1 ? id : next++);
}
