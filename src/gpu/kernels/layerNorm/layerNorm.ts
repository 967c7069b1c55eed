import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, read, threads, write } from '../defineKernel.ts';
import { type Dropout, dropoutParameters, dropoutTypes } from '../shared/dropout.ts';
import { rowConstants, rowUnits, type TextRows } from '../shared/rows.ts';
import { sumPlanes } from '../sumPlanes/sumPlanes.ts';
import { wgsl } from '../wgsl.ts';

/** Rows that one invocation sums for the gradients of gamma and beta. */
const stripRows = 32;

const laneConstants = {
  ...rowConstants,
  lanes: 'number',
  rowsEach: 'number',
  shared: 'boolean',
  threads: 'number',
} as const;

/** `width` is in units of value, as all column numbers in the kernels. */
const rowTypes = { rows: 'u32', width: 'u32' } as const;

const forwardKernel = defineKernel({
  family: 'layer norm',
  source: wgsl('layerNorm/layerNorm'),
  constants: { ...laneConstants, dropout: 'boolean' },
  parameters: { ...rowTypes, columns: 'f32', epsilon: 'f32', ...dropoutTypes },
  buffers: {
    x: read('$value'),
    gamma: read('$value'),
    beta: read('$value'),
    y: write('$value'),
    moments: write('vec2f'),
    tokens: read('vec4u'),
  },
});

const gradientInputs = {
  dy: read('$value'),
  x: read('$value'),
  moments: read('vec2f'),
  tokens: read('vec4u'),
  texts: read('vec4u'),
} as const;

const dyConstants = { pooled: 'boolean', dropOutput: 'boolean' } as const;

const sumsKernel = defineKernel({
  family: 'layer norm',
  source: wgsl('layerNorm/layerNormSums'),
  constants: { ...rowConstants, ...dyConstants },
  parameters: { ...rowTypes, stripRows: 'u32', ...dropoutTypes },
  buffers: { ...gradientInputs, planes: write('$value') },
});

const gradient = {
  family: 'layer norm',
  source: wgsl('layerNorm/layerNormGradient'),
  constants: { ...laneConstants, ...dyConstants, dropInput: 'boolean' },
  parameters: { ...rowTypes, columns: 'f32', ...dropoutTypes },
} as const;

const gradientBuffers = { ...gradientInputs, gamma: read('$value'), dx: write('$value') } as const;

const gradientKernel = defineKernel({ ...gradient, buffers: gradientBuffers });
const droppingGradientKernel = defineKernel({
  ...gradient,
  label: 'layerNorm/layerNormGradient through dropout',
  buffers: { ...gradientBuffers, dropped: write('$value') },
});

/** Floats that {@link layerNormGradient} needs for its partial sums. */
export function stripFloats(rows: number, columns: number): number {
  return 2 * Math.ceil(rows / stripRows) * columns;
}

/** How rows are shared out: one to an invocation, or as many as fill a workgroup of lanes. */
function launch(pass: Pass, columns: number) {
  const { lanes } = pass.configuration;
  const rowsEach = lanes === 1 ? 16 : Math.max(1, threads / lanes);
  const { constants } = rowUnits(columns);
  return {
    rowsEach,
    constants: { ...constants, lanes, rowsEach, shared: lanes > 1, threads: lanes * rowsEach },
  };
}

export interface LayerNorm {
  readonly columns: number;
  readonly epsilon: number;
  /** (T, C) */
  readonly x: Binding;
  /** (C) */
  readonly gamma: Binding;
  readonly beta: Binding;
  /** (T, C) */
  readonly y: Binding;
  /** (T, 2): mean and 1 / sqrt(variance + epsilon) of each row, written. */
  readonly moments: Binding;
  /** Behind the LayerNorm. */
  readonly dropout: Dropout | null;
}

/** Records y (T, C) = dropout(LayerNorm(x)) for each token's row. */
export function layerNorm(
  pass: Pass,
  texts: TextRows,
  { columns, epsilon, x, gamma, beta, y, moments, dropout }: LayerNorm,
): void {
  const { rowsEach, constants } = launch(pass, columns);
  pass.dispatch(
    forwardKernel({ ...constants, dropout: dropout !== null }),
    { x, gamma, beta, y, moments, tokens: texts.tokens },
    {
      rows: texts.tokenCount,
      width: rowUnits(columns).width,
      columns,
      epsilon,
      ...dropoutParameters(dropout),
    },
    Math.ceil(texts.tokenCount / rowsEach),
  );
}

export interface LayerNormGradient {
  readonly columns: number;
  /** At the output: (T, C), or (batch, C) at the texts' mean-pooled vectors. */
  readonly dy: Binding;
  readonly pooled: boolean;
  /** Dropout behind the LayerNorm. */
  readonly behind: Dropout | null;
  /** Input (T, C) and moments (T, 2) of the forward pass. */
  readonly x: Binding;
  readonly moments: Binding;
  /** (C) */
  readonly gamma: Binding;
  /** Gradient at the input (T, C), written. */
  readonly dx: Binding;
  /** Dropout of one summand of the input, and where the gradient (T, C) at that summand is written. */
  readonly before: { readonly dropout: Dropout; readonly dx: Binding } | null;
  /** Gradients of gamma and beta (C), added to. */
  readonly dGamma: Binding;
  readonly dBeta: Binding;
  /** {@link stripFloats} floats. */
  readonly partial: Binding;
}

/** Records LayerNorm's backward pass. */
export function layerNormGradient(pass: Pass, texts: TextRows, given: LayerNormGradient): void {
  const { columns, behind, before, pooled, dy, x, moments, gamma, dx, dGamma, dBeta, partial } = given;
  if (behind && before) throw new Error('A LayerNorm has dropout before or behind it, not both.');
  const { width, constants: units } = rowUnits(columns);
  const { rowsEach, constants } = launch(pass, columns);
  const rows = texts.tokenCount;
  const strips = Math.ceil(rows / stripRows);
  const inputs = { dy, x, moments, tokens: texts.tokens, texts: texts.texts };
  const dropping = { pooled, dropOutput: behind !== null };
  pass.dispatch(
    sumsKernel({ ...units, ...dropping }),
    { ...inputs, planes: partial },
    { rows, width, stripRows, ...dropoutParameters(behind) },
    Math.ceil((strips * width) / threads),
  );
  for (const [index, sums] of [dGamma, dBeta].entries()) {
    const planes = { from: partial, offset: index * columns, stride: 2 * columns, number: strips };
    sumPlanes(pass, 'layer norm', planes, sums, columns);
  }
  const parameters = { rows, width, columns, ...dropoutParameters(behind ?? before?.dropout ?? null) };
  const groups = Math.ceil(rows / rowsEach);
  if (before) {
    const kernel = droppingGradientKernel({ ...constants, ...dropping, dropInput: true });
    pass.dispatch(kernel, { ...inputs, gamma, dx, dropped: before.dx }, parameters, groups);
  } else {
    const kernel = gradientKernel({ ...constants, ...dropping, dropInput: false });
    pass.dispatch(kernel, { ...inputs, gamma, dx }, parameters, groups);
  }
}
