import type { Binding } from '../../recorder.ts';

/** How kernels walk rows of so many columns: four at a time where that goes without a rest. */
export interface RowUnits {
  /** Columns a unit. */
  readonly unit: 1 | 4;
  /** Units a row. */
  readonly width: number;
  readonly constants: { readonly value: string; readonly vector: boolean };
}

const quads = { value: 'vec4f', vector: true } as const;
const singles = { value: 'f32', vector: false } as const;

export function rowUnits(columns: number): RowUnits {
  return columns % 4 === 0
    ? { unit: 4, width: columns / 4, constants: quads }
    : { unit: 1, width: columns, constants: singles };
}

/** Types of {@link RowUnits.constants}. */
export const rowConstants = { value: 'string', vector: 'boolean' } as const;

/** Texts that lie packed one behind the other, without padding. */
export interface TextRows {
  /** (T, 4): of each token the slot of its word, position, text, key of its dropout masks. */
  readonly tokens: Binding;
  /** (texts, 4): of each text the first token, length, row of its pooled vector, 0. */
  readonly texts: Binding;
  readonly tokenCount: number;
  readonly textCount: number;
  /** Tokens of the longest text. */
  readonly longest: number;
}
