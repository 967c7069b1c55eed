import type { Binding, Recorder } from '../recorder.ts';
import type { KernelCache } from './kernel.ts';
import source from './pooling.wgsl?raw';
import { rowUnits, type TextRows, threads } from './rows.ts';
import valuesSource from './values.wgsl?raw';

/** Records the mean of each text's rows into its row of `pooled`. @param x [tokens, columns] */
export function meanPool(
  recorder: Recorder,
  kernels: KernelCache,
  columns: number,
  texts: TextRows,
  x: Binding,
  pooled: Binding,
): void {
  const { width, constants } = rowUnits(columns);
  const kernel = kernels.get('pooling', 'mean pooling', valuesSource + source, {
    ...constants,
    pool: true,
    normalise: false,
  });
  recorder.run(
    kernel,
    [x, texts.texts, pooled],
    { rows: texts.textCount, width },
    Math.ceil((texts.textCount * width) / threads),
  );
}

/** Records normal = pooled / |pooled| of each row, and keeps the lengths. */
export function normalise(
  recorder: Recorder,
  kernels: KernelCache,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { pooled, lengths, normal }: Readonly<Record<'pooled' | 'lengths' | 'normal', Binding>>,
): void {
  run(recorder, kernels, rows, columns, [lengths, normal, pooled], true);
}

/** Records the gradient at `pooled` in place of that at `normal`. */
export function normaliseGradient(
  recorder: Recorder,
  kernels: KernelCache,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { gradient, lengths, normal }: Readonly<Record<'gradient' | 'lengths' | 'normal', Binding>>,
): void {
  run(recorder, kernels, rows, columns, [lengths, normal, gradient], false);
}

function run(
  recorder: Recorder,
  kernels: KernelCache,
  rows: number,
  columns: number,
  bindings: readonly Binding[],
  forward: boolean,
): void {
  const { width, constants } = rowUnits(columns);
  const kernel = kernels.get('loss', forward ? 'normalise' : 'normalise gradient', valuesSource + source, {
    ...constants,
    pool: false,
    normalise: forward,
  });
  recorder.run(kernel, bindings, { rows, width }, rows);
}
