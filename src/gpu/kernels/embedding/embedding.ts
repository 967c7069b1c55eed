import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, read, threads, write } from '../defineKernel.ts';
import { rowConstants, rowUnits, type TextRows } from '../shared/rows.ts';
import { wgsl } from '../wgsl.ts';

const gatherKernel = defineKernel({
  family: 'embedding',
  source: wgsl('embedding/gather'),
  constants: rowConstants,
  parameters: { rows: 'u32', width: 'u32', first: 'u32', firstRow: 'u32' },
  buffers: { ids: read('u32'), table: read('$value'), words: write('$value') },
});

const lookUpKernel = defineKernel({
  family: 'embedding',
  source: wgsl('embedding/lookUp'),
  constants: rowConstants,
  parameters: { rows: 'u32', width: 'u32', positions: 'u32' },
  buffers: { tokens: read('vec4u'), words: read('$value'), tables: read('$value'), x: write('$value') },
});

const scatterKernel = defineKernel({
  family: 'embedding',
  source: wgsl('embedding/scatter'),
  constants: rowConstants,
  parameters: { rows: 'u32', width: 'u32', accumulate: 'u32' },
  buffers: {
    // Which rows of `values` are summed, segment after segment.
    order: read('u32'),
    // Begin and end in `order`, row of `sums`.
    segments: read('vec4u'),
    values: read('$value'),
    sums: write('$value'),
  },
});

export interface Gather {
  /** (slots): of each slot its row of the whole table. */
  readonly ids: Binding;
  /** Rows of the word table from `firstRow` on, (rows, C). */
  readonly table: Binding;
  readonly firstRow: number;
  /** (slots, C) */
  readonly words: Binding;
  /** Slots to fill, and how many. */
  readonly first: number;
  readonly count: number;
}

/** Records words[slot] = table[ids[slot] - firstRow] for `count` slots from `first` on. */
export function gatherRows(
  pass: Pass,
  columns: number,
  { ids, table, firstRow, words, first, count }: Gather,
): void {
  const { width, constants } = rowUnits(columns);
  pass.dispatch(
    gatherKernel(constants),
    { ids, table, words },
    { rows: count, width, first, firstRow },
    Math.ceil((count * width) / threads),
  );
}

export interface LookUp {
  /** (slots, C) */
  readonly words: Binding;
  /** (positions + types, C) */
  readonly tables: Binding;
  readonly positions: number;
  /** (T, C) */
  readonly x: Binding;
}

/** Records x (T, C) = word + position + type 0 of each token. */
export function lookUp(
  pass: Pass,
  texts: TextRows,
  columns: number,
  { words, tables, positions, x }: LookUp,
): void {
  const { width, constants } = rowUnits(columns);
  const rows = texts.tokenCount;
  pass.dispatch(
    lookUpKernel(constants),
    { tokens: texts.tokens, words, tables, x },
    { rows, width, positions },
    Math.ceil((rows * width) / threads),
  );
}

export interface Scatter {
  readonly order: Binding;
  /** (count, 4): begin and end in `order`, row of `sums`. */
  readonly segments: Binding;
  readonly count: number;
  /** (T, C) */
  readonly values: Binding;
  /** (targets, C) */
  readonly sums: Binding;
  readonly accumulate: boolean;
}

/** Records sums[target] (+)= the sum of each segment's rows of `values`, in their order. */
export function scatterRows(
  pass: Pass,
  columns: number,
  { order, segments, count, values, sums, accumulate }: Scatter,
): void {
  if (count === 0) return;
  const { width, constants } = rowUnits(columns);
  pass.dispatch(
    scatterKernel(constants),
    { order, segments, values, sums },
    { rows: count, width, accumulate: accumulate ? 1 : 0 },
    Math.ceil((count * width) / threads),
  );
}
