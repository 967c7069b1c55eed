import { generator } from '../../base/random.ts';

/** Half of the last place that Table 1 prints: 0.66 stands for anything from 0.655 to 0.665. */
export const halfStep = 0.005;

/** Unrounded tables that are tried. */
export const roundingSamples = 2000;

/**
 * How much the table's rounding leaves open: tables are drawn that all print the same two decimals, each figure
 * evenly from its interval, and asked whether a sentence holds of them.
 * @param columns printed figures
 * @returns the share of tables of which it holds, 0 to 1; the same on every machine
 */
export function shareOfRoundings(
  columns: readonly (readonly number[])[],
  holds: (columns: readonly (readonly number[])[]) => boolean,
): number {
  const random = generator(1);
  const noise = (): number => ((random.next() >>> 0) / 2 ** 32 - 0.5) * 2 * halfStep;
  let held = 0;
  for (let s = 0; s < roundingSamples; s++) {
    if (holds(columns.map((column) => column.map((value) => value + noise())))) held++;
  }
  return held / roundingSamples;
}
