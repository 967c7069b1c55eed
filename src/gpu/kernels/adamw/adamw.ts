import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, read, threads, write } from '../defineKernel.ts';
import { rowConstants, rowUnits } from '../shared/rows.ts';
import { wgsl } from '../wgsl.ts';

/** Values, or fours of values, of a gradient that one workgroup squares and sums. */
const blockSize = 1024;

const squaresKernel = defineKernel({
  family: 'gradient norm',
  source: wgsl('adamw/squares'),
  constants: { ...rowConstants, blockSize: 'number' },
  parameters: { count: 'u32', first: 'u32' },
  buffers: { gradient: read('$value'), sums: write('f32') },
});

const clipKernel = defineKernel({
  family: 'gradient norm',
  source: wgsl('adamw/clip'),
  parameters: { count: 'u32', queries: 'u32', maxNorm: 'f32', inverseLossScale: 'f32', slot: 'u32' },
  // Loss, gradient norm, factor, 1 when the step is taken: first this step's, then a ring of the last ones.
  buffers: { sums: read('f32'), losses: read('f32'), stats: write('vec4f') },
});

// Numbers of values are in units of value: four neighbours where rows allow it.
const updateTypes = {
  count: 'u32',
  decayed: 'u32',
  learningRate: 'f32',
  decay: 'f32',
  // 1 - b1, b2 and 1 - b2: in float32 the last would lose what the host has of it.
  rate1: 'f32',
  beta2: 'f32',
  rate2: 'f32',
  stepSize: 'f32',
  correction: 'f32',
  epsilon: 'f32',
} as const;

const updateBuffers = {
  gradient: read('$value'),
  weights: write('$value'),
  mean: write('$value'),
  square: write('$value'),
  stats: read('vec4f'),
} as const;

const updateKernel = defineKernel({
  family: 'optimiser',
  source: wgsl('adamw/update'),
  constants: rowConstants,
  parameters: updateTypes,
  buffers: updateBuffers,
});

const updateRowsKernel = defineKernel({
  family: 'optimiser',
  source: wgsl('adamw/updateRows'),
  constants: rowConstants,
  parameters: { ...updateTypes, firstRow: 'u32', width: 'u32' },
  buffers: { ...updateBuffers, slots: read('u32') },
});

/** A gradient of so many floats, in rows of so many columns. */
export interface Gradient {
  readonly gradient: Binding;
  readonly count: number;
  readonly columns: number;
}

/** Sums that {@link squares} makes of a gradient. */
export function squareBlocks({ count, columns }: Gradient): number {
  return Math.ceil(count / rowUnits(columns).unit / blockSize);
}

/** Records the sums of squares of a gradient's blocks into `sums` (blocks), from `first` on. */
export function squares(pass: Pass, given: Gradient, sums: Binding, first: number): void {
  const { gradient, count, columns } = given;
  const { unit, constants } = rowUnits(columns);
  pass.dispatch(
    squaresKernel({ ...constants, blockSize }),
    { gradient, sums },
    { count: count / unit, first },
    squareBlocks(given),
  );
}

export interface Clip {
  /** (count): sums of squares. */
  readonly sums: Binding;
  readonly count: number;
  /** (queries) */
  readonly losses: Binding;
  readonly queries: number;
  /** (1 + slots, 4): loss, norm, factor, taken; of this step first. */
  readonly stats: Binding;
  readonly slot: number;
  readonly maxNorm: number;
  readonly inverseLossScale: number;
}

/** Records the mean loss, the gradient's norm and the factor that clips it. */
export function clip(pass: Pass, given: Clip): void {
  const { sums, losses, stats, ...parameters } = given;
  pass.dispatch(clipKernel, { sums, losses, stats }, parameters, 1);
}

/** What one step of AdamW does to every weight. */
export interface Rates {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Counts from 1. */
  readonly t: number;
}

function rateParameters({ learningRate, weightDecay, beta1, beta2, epsilon, t }: Rates) {
  return {
    learningRate,
    decay: weightDecay,
    rate1: 1 - beta1,
    beta2,
    rate2: 1 - beta2,
    stepSize: learningRate / (1 - beta1 ** t),
    correction: Math.sqrt(1 - beta2 ** t),
    epsilon,
  };
}

/** A tensor's weights and moments with its gradient, and the stats that {@link clip} left. */
export type Updated = Readonly<Record<'gradient' | 'weights' | 'mean' | 'square' | 'stats', Binding>>;

/**
 * Records AdamW of `count` floats, a multiple of four.
 * @param decayed floats from the beginning that weight decay holds for
 */
export function update(
  pass: Pass,
  buffers: Updated,
  { count, decayed }: { readonly count: number; readonly decayed: number },
  rates: Rates,
): void {
  const { unit, constants } = rowUnits(4);
  const { gradient, weights, mean, square, stats } = buffers;
  pass.dispatch(
    updateKernel(constants),
    { gradient, weights, mean, square, stats },
    { count: count / unit, decayed: decayed / unit, ...rateParameters(rates) },
    Math.ceil(count / unit / threads),
  );
}

export interface UpdatedRows extends Updated {
  /** (V): of each row of the table its slot of the gradient (slots, C), 0xffffffff where it is not touched. */
  readonly slots: Binding;
}

/** Records AdamW of `rows` rows (rows, C) of a table from `firstRow` on. */
export function updateRows(
  pass: Pass,
  buffers: UpdatedRows,
  given: { readonly firstRow: number; readonly rows: number; readonly columns: number },
  rates: Rates,
): void {
  const { firstRow, rows, columns } = given;
  const { width, constants } = rowUnits(columns);
  const count = rows * width;
  const { gradient, weights, mean, square, stats, slots } = buffers;
  pass.dispatch(
    updateRowsKernel(constants),
    { gradient, weights, mean, square, stats, slots },
    { count, decayed: count, firstRow, width, ...rateParameters(rates) },
    Math.ceil(count / threads),
  );
}
