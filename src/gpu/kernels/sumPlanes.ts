import type { Binding, Recorder } from '../recorder.ts';
import type { Family, KernelCache } from './kernel.ts';
import { rowUnits, threads } from './rows.ts';
import source from './sum_planes.wgsl?raw';

/** Equal parts of one buffer that are added value by value. */
export interface Planes {
  readonly from: Binding;
  /** Floats before the first value. */
  readonly offset?: number;
  /** Floats from one plane to the next. */
  readonly stride: number;
  readonly number: number;
}

/** Records sums[i] += planes' values at i, in the planes' order. @see sum_planes.wgsl */
export function sumPlanes(
  recorder: Recorder,
  kernels: KernelCache,
  family: Family,
  { from, offset = 0, stride, number }: Planes,
  sums: Binding,
  count: number,
): void {
  const { unit, constants } = rowUnits([count, stride, offset].every((one) => one % 4 === 0) ? 4 : 1);
  const kernel = kernels.get(family, `${family}: sum planes`, source, constants);
  recorder.run(
    kernel,
    [from, sums],
    {
      count: count / unit,
      stride: stride / unit,
      planes: number,
      accumulate: 1,
      readAt: offset / unit,
      writeAt: 0,
    },
    Math.ceil(count / unit / threads),
  );
}
