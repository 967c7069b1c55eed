import type { Binding, Recorder } from '../recorder.ts';
import dropoutFactorsSource from './dropout_factors.wgsl?raw';
import type { KernelCache } from './kernel.ts';
import source from './layer_norm.wgsl?raw';
import gradientSource from './layer_norm_gradient.wgsl?raw';
import { type Dropout, dropoutParameters } from './matmul.ts';
import randomSource from './random.wgsl?raw';
import { rowUnits, type TextRows, threads } from './rows.ts';
import { sumPlanes } from './sumPlanes.ts';
import type { Constants } from './template.ts';
import valuesSource from './values.wgsl?raw';

/** Rows that one invocation sums for the gradients of gain and shift. */
const stripRows = 32;

export interface NormLayout {
  readonly columns: number;
  /** Invocations that share a row: 1, or a power of two up to 64. */
  readonly lanes: number;
}

/** Floats that {@link layerNormGradient} needs for its partial sums. */
export function stripFloats(rows: number, columns: number): number {
  return 2 * Math.ceil(rows / stripRows) * columns;
}

function laneConstants({ columns, lanes }: NormLayout): { rowsEach: number; constants: Constants } {
  // A row an invocation, or as many rows as fill the workgroup.
  const rowsEach = lanes === 1 ? 16 : Math.max(1, threads / lanes);
  return {
    rowsEach,
    constants: {
      ...rowUnits(columns).constants,
      lanes,
      rowsEach,
      shared: lanes > 1,
      threads: lanes * rowsEach,
    },
  };
}

/**
 * Records y = dropout(LayerNorm(x)) for each token's row, [tokens, columns].
 * @param operands `moments` takes mean and 1 / sqrt(variance + epsilon) of each row. @see layer_norm.wgsl
 */
export function layerNorm(
  recorder: Recorder,
  kernels: KernelCache,
  layout: NormLayout,
  texts: TextRows,
  operands: Readonly<Record<'x' | 'gain' | 'shift' | 'y' | 'moments', Binding>>,
  epsilon: number,
  dropout: Dropout | null,
): void {
  const { rowsEach, constants } = laneConstants(layout);
  const text = valuesSource + (dropout ? randomSource + dropoutFactorsSource : '') + source;
  const kernel = kernels.get('layer norm', 'layer norm', text, { ...constants, dropout: dropout !== null });
  const { x, gain, shift, y, moments } = operands;
  recorder.run(
    kernel,
    [x, gain, shift, y, moments, ...(dropout ? [texts.tokens] : [])],
    {
      rows: texts.tokenCount,
      width: rowUnits(layout.columns).width,
      columns: layout.columns,
      epsilon,
      ...dropoutParameters(dropout),
    },
    Math.ceil(texts.tokenCount / rowsEach),
  );
}

export interface NormGradient {
  /** At the output: [tokens, columns], or [rows of the batch, columns] at the texts' mean-pooled vectors. */
  readonly dy: Binding;
  readonly pooled: boolean;
  /** Dropout behind the LayerNorm. */
  readonly behind: Dropout | null;
  /** Input and moments of the forward pass. */
  readonly x: Binding;
  readonly moments: Binding;
  readonly gain: Binding;
  /** Gradient at the input, written. */
  readonly dx: Binding;
  /** Dropout of one summand of the input, and where the gradient at that summand is written. */
  readonly before: { readonly dropout: Dropout; readonly dx: Binding } | null;
  /** Gradients of gain and shift, added to. */
  readonly dGain: Binding;
  readonly dShift: Binding;
  /** {@link stripFloats} floats. */
  readonly partial: Binding;
}

/** Records LayerNorm's backward pass. @see layer_norm_gradient.wgsl */
export function layerNormGradient(
  recorder: Recorder,
  kernels: KernelCache,
  layout: NormLayout,
  texts: TextRows,
  given: NormGradient,
): void {
  const { behind, before, pooled, dy, x, moments, gain, dx, dGain, dShift, partial } = given;
  if (behind && before) throw new Error('A LayerNorm has dropout before or behind it, not both.');
  const { columns } = layout;
  const { width } = rowUnits(columns);
  const { rowsEach, constants } = laneConstants(layout);
  const rows = texts.tokenCount;
  const kernelOf = (columnSums: boolean) => {
    const dropInput = before !== null && !columnSums;
    const drops = behind !== null || dropInput;
    return kernels.get(
      'layer norm',
      columnSums ? 'layer norm sums' : 'layer norm gradient',
      valuesSource + (drops ? randomSource + dropoutFactorsSource : '') + gradientSource,
      { ...constants, pooled, dropOutput: behind !== null, dropInput, columnSums },
    );
  };
  const common = { rows, width, columns, strip: stripRows };
  const parameters = { ...common, ...dropoutParameters(behind ?? before?.dropout ?? null) };
  const inputs = [dy, x, moments, texts.tokens, texts.texts];
  const strips = Math.ceil(rows / stripRows);
  recorder.run(kernelOf(true), [...inputs, partial], parameters, Math.ceil((strips * width) / threads));
  for (const [index, sums] of [dGain, dShift].entries()) {
    const planes = { from: partial, offset: index * columns, stride: 2 * columns, number: strips };
    sumPlanes(recorder, kernels, 'layer norm', planes, sums, columns);
  }
  recorder.run(
    kernelOf(false),
    [...inputs, gain, dx, ...(before ? [before.dx] : [])],
    parameters,
    Math.ceil(rows / rowsEach),
  );
}
