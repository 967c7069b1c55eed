import type { Table } from '../formats/table.ts';
import { roundingSamples } from './rounding.ts';

export const verdicts = ['follows', 'does not follow', 'cannot be told from the table'] as const;
/** What the figures as printed show. */
export type Verdict = (typeof verdicts)[number];

/** One line of arithmetic. */
export interface Step {
  readonly what: string;
  /** How it is computed, with the numbers that go in. */
  readonly how: string;
  readonly result: string;
  /** For a sentence that can be read in several ways: whether this reading gives what the paper says. */
  readonly agrees?: boolean;
}

/** What the table's two decimals leave open. */
export interface Rounding {
  /** Share of unrounded tables of which the claim holds, 0 to 1. */
  readonly share: number;
  /** True where neither nearly all nor nearly none of them bear the verdict out. */
  readonly decides: boolean;
  readonly sentence: string;
}

/** A sentence of the paper, held against its own Table 1. */
export interface Claim {
  readonly id: string;
  readonly section: '4.3' | '4.4';
  /** The paper's words. */
  readonly quote: string;
  /** What of them is checked here, where they say several things. */
  readonly says: string;
  readonly verdict: Verdict;
  /** Why, in the numbers of the steps. */
  readonly because: string;
  /** Figures of the table that go in; null where there are none. */
  readonly inputs: Table | null;
  readonly steps: readonly Step[];
  readonly rounding: Rounding | null;
}

/** @param share of unrounded tables of which the claim holds */
export function roundingOf(share: number): Rounding {
  const percent =
    share === 0
      ? 'none'
      : share === 1
        ? 'all'
        : `${(100 * share).toFixed(share < 0.01 || share > 0.99 ? 1 : 0)} %`;
  const decides = share > 0.05 && share < 0.95;
  return {
    share,
    decides,
    sentence:
      `Of ${roundingSamples.toLocaleString('en')} tables drawn at random that print the same two decimals, the claim holds in ${percent}` +
      `${decides ? ': rounding decides, and the printed table cannot settle it' : ''}.`,
  };
}

/** "0.59 + 0.96 + ... = 8.03", as the table prints its figures. */
export function sumInWords(values: readonly number[], decimals: number): string {
  const sum = values.reduce((total, value) => total + value, 0);
  return `${values.map((value) => value.toFixed(decimals)).join(' + ')} = ${sum.toFixed(decimals)}`;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Three decimals, or a power of ten below them. */
export function pInWords(p: number | null): string {
  if (p === null) return 'not defined';
  return p < 0.001 ? p.toExponential(1) : p.toFixed(4);
}

/** With a sign, and a true minus. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) === 0 ? text : value < 0 ? `−${text}` : `+${text}`;
}
