import type { Binding } from '../recorder.ts';
import type { Constants } from './template.ts';

/** How kernels walk rows of so many columns: four at a time where that goes without a rest. */
export interface RowUnits {
  /** Columns a unit. */
  readonly unit: 1 | 4;
  /** Units a row. */
  readonly width: number;
  readonly constants: Constants & { readonly value: string; readonly vector: boolean };
}

export function rowUnits(columns: number): RowUnits {
  return columns % 4 === 0
    ? { unit: 4, width: columns / 4, constants: { value: 'vec4f', vector: true } }
    : { unit: 1, width: columns, constants: { value: 'f32', vector: false } };
}

/** Texts that lie packed one behind the other, without padding. */
export interface TextRows {
  /** Per token four words: slot of its word, position, text, key of its dropout masks. */
  readonly tokens: Binding;
  /** Per text four words: first token, length, row of its pooled vector, 0. */
  readonly texts: Binding;
  readonly tokenCount: number;
  readonly textCount: number;
  /** Tokens of the longest text. */
  readonly longest: number;
}

/** Invocations of a workgroup of the kernels that take one value each. */
export const threads = 64;
