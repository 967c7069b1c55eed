import type { Binding, Recorder } from '../recorder.ts';
import source from './embedding.wgsl?raw';
import type { Kernel, KernelCache } from './kernel.ts';
import { rowUnits, type TextRows, threads } from './rows.ts';

function kernelOf(kernels: KernelCache, part: 'gather' | 'look' | 'scatter', columns: number): Kernel {
  return kernels.get('embedding', `embedding ${part}`, source, {
    gather: part === 'gather',
    look: part === 'look',
    scatter: part === 'scatter',
    ...rowUnits(columns).constants,
  });
}

/**
 * Records rows[slot] = table[ids[slot] - firstRow] for `count` slots from `first` on.
 * @param page rows of the table from `firstRow` on
 */
export function gatherRows(
  recorder: Recorder,
  kernels: KernelCache,
  columns: number,
  ids: Binding,
  page: { readonly table: Binding; readonly firstRow: number },
  rows: Binding,
  { first, count }: { readonly first: number; readonly count: number },
): void {
  const { width } = rowUnits(columns);
  recorder.run(
    kernelOf(kernels, 'gather', columns),
    [ids, page.table, rows],
    { count, width, first, rowOffset: page.firstRow, accumulate: 0 },
    Math.ceil((count * width) / threads),
  );
}

/**
 * Records x = word + position + type 0 of each token, [tokens, columns].
 * @param tables rows of positions and, behind them, of types
 */
export function lookUp(
  recorder: Recorder,
  kernels: KernelCache,
  columns: number,
  texts: TextRows,
  words: Binding,
  tables: { readonly table: Binding; readonly positions: number },
  x: Binding,
): void {
  const { width } = rowUnits(columns);
  const count = texts.tokenCount;
  recorder.run(
    kernelOf(kernels, 'look', columns),
    [texts.tokens, words, tables.table, x],
    { count, width, first: 0, rowOffset: tables.positions, accumulate: 0 },
    Math.ceil((count * width) / threads),
  );
}

/** Records sums[target] (+)= the sum of `from`'s rows of each segment, in their order. */
export function scatterRows(
  recorder: Recorder,
  kernels: KernelCache,
  columns: number,
  order: Binding,
  segments: { readonly table: Binding; readonly count: number },
  from: Binding,
  sums: Binding,
  accumulate: boolean,
): void {
  if (segments.count === 0) return;
  const { width } = rowUnits(columns);
  recorder.run(
    kernelOf(kernels, 'scatter', columns),
    [order, segments.table, from, sums],
    { count: segments.count, width, first: 0, rowOffset: 0, accumulate: accumulate ? 1 : 0 },
    Math.ceil((segments.count * width) / threads),
  );
}
