import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, type Family, read, threads, write } from '../defineKernel.ts';
import { remembered } from '../remembered.ts';
import { rowConstants, rowUnits } from '../shared/rows.ts';
import { wgsl } from '../wgsl.ts';

/** Counted under the family whose sums it finishes. */
const kernelOf = remembered((family: Family) =>
  defineKernel({
    family,
    label: `${family}: sum planes`,
    source: wgsl('sumPlanes/sumPlanes'),
    constants: rowConstants,
    // Of units of value: four neighbours where planes allow it.
    parameters: { count: 'u32', stride: 'u32', planes: 'u32', offset: 'u32' },
    buffers: { planes: read('$value'), sums: write('$value') },
  }),
);

/** Equal parts of one buffer that are added value by value. */
export interface Planes {
  readonly from: Binding;
  /** Floats before the first value. */
  readonly offset?: number;
  /** Floats from one plane to the next. */
  readonly stride: number;
  readonly number: number;
}

/** Records sums (count) += planes (number, count), in the planes' order. */
export function sumPlanes(
  pass: Pass,
  family: Family,
  { from, offset = 0, stride, number }: Planes,
  sums: Binding,
  count: number,
): void {
  const { unit, constants } = rowUnits([count, stride, offset].every((one) => one % 4 === 0) ? 4 : 1);
  pass.dispatch(
    kernelOf(family)(constants),
    { planes: from, sums },
    { count: count / unit, stride: stride / unit, planes: number, offset: offset / unit },
    Math.ceil(count / unit / threads),
  );
}
