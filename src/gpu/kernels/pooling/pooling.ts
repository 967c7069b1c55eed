import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, read, threads, write } from '../defineKernel.ts';
import { rowConstants, rowUnits, type TextRows } from '../shared/rows.ts';
import { wgsl } from '../wgsl.ts';

/** Invocations that share a row of a normalisation. */
const lanes = 32;

const meanPoolKernel = defineKernel({
  family: 'pooling',
  source: wgsl('pooling/meanPool'),
  constants: rowConstants,
  parameters: { rows: 'u32', width: 'u32' },
  buffers: { x: read('$value'), texts: read('vec4u'), pooled: write('$value') },
});

const meanPoolGradientKernel = defineKernel({
  family: 'pooling',
  source: wgsl('pooling/meanPoolGradient'),
  constants: rowConstants,
  parameters: { rows: 'u32', width: 'u32' },
  buffers: { gradient: read('$value'), tokens: read('vec4u'), texts: read('vec4u'), dx: write('$value') },
});

const normaliseConstants = { ...rowConstants, lanes: 'number', threads: 'number' } as const;

const normaliseKernel = defineKernel({
  family: 'loss',
  source: wgsl('pooling/normalise'),
  constants: normaliseConstants,
  parameters: { width: 'u32' },
  buffers: { lengths: write('f32'), normal: write('$value'), pooled: read('$value') },
});

const normaliseGradientKernel = defineKernel({
  family: 'loss',
  source: wgsl('pooling/normaliseGradient'),
  constants: normaliseConstants,
  parameters: { width: 'u32' },
  buffers: { lengths: read('f32'), normal: read('$value'), gradient: write('$value') },
});

/** Records the mean of each text's rows of x (T, C) into its row of `pooled` (batch, C). */
export function meanPool(
  pass: Pass,
  texts: TextRows,
  columns: number,
  { x, pooled }: Readonly<Record<'x' | 'pooled', Binding>>,
): void {
  const { width, constants } = rowUnits(columns);
  pass.dispatch(
    meanPoolKernel(constants),
    { x, texts: texts.texts, pooled },
    { rows: texts.textCount, width },
    Math.ceil((texts.textCount * width) / threads),
  );
}

/** Records the gradient (batch, C) at the texts' means, added to that at their tokens dx (T, C). */
export function meanPoolGradient(
  pass: Pass,
  { tokens, texts, tokenCount: rows }: TextRows,
  columns: number,
  { gradient, dx }: Readonly<Record<'gradient' | 'dx', Binding>>,
): void {
  const { width, constants } = rowUnits(columns);
  const workgroups = Math.ceil((rows * width) / threads);
  pass.dispatch(
    meanPoolGradientKernel(constants),
    { gradient, tokens, texts, dx },
    { rows, width },
    workgroups,
  );
}

export interface Rows {
  readonly rows: number;
  readonly columns: number;
}

/** Records normal (N, C) = pooled (N, C) / |pooled| of each row, and keeps the lengths (N). */
export function normalise(
  pass: Pass,
  { rows, columns }: Rows,
  buffers: Readonly<Record<'pooled' | 'lengths' | 'normal', Binding>>,
): void {
  const { width, constants } = rowUnits(columns);
  pass.dispatch(normaliseKernel({ ...constants, lanes, threads: lanes }), buffers, { width }, rows);
}

/** Records the gradient (N, C) at `pooled` in place of that at `normal`. */
export function normaliseGradient(
  pass: Pass,
  { rows, columns }: Rows,
  buffers: Readonly<Record<'gradient' | 'lengths' | 'normal', Binding>>,
): void {
  const { width, constants } = rowUnits(columns);
  pass.dispatch(normaliseGradientKernel({ ...constants, lanes, threads: lanes }), buffers, { width }, rows);
}
