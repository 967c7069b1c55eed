import type { Pass } from '../../pass.ts';
import type { Binding, Grid } from '../../recorder.ts';
import { defineKernel, read, threads, write } from '../defineKernel.ts';
import { type Dropout, dropoutParameters, dropoutTypes } from '../shared/dropout.ts';
import { rowUnits, type TextRows } from '../shared/rows.ts';
import { wgsl } from '../wgsl.ts';

/** Largest head whose own two vectors stay in registers beside its sums; common GPUs would spill more. */
const registerSize = 32;
/** Products of a query, or its gradient, with a key or a value that the longest pass makes. */
const productsAPair = 5;

const common = {
  family: 'attention',
  constants: {
    value: 'string',
    vector: 'boolean',
    quads: 'number',
    ownInRegisters: 'boolean',
    dropout: 'boolean',
    shared: 'boolean',
    lanes: 'number',
    rowsEach: 'number',
  },
  // `size` is the columns of one head, `hidden` those of all heads.
  parameters: { tokens: 'u32', heads: 'u32', size: 'u32', hidden: 'u32', scale: 'f32', ...dropoutTypes },
} as const;

const textBuffers = { tokens: read('vec4u'), texts: read('vec4u'), qkv: read('$value') } as const;

const forwardKernel = defineKernel({
  ...common,
  source: wgsl('attention/forward'),
  buffers: { ...textBuffers, lse: write('f32'), o: write('$value') },
});

const gradientBuffers = {
  ...textBuffers,
  lse: read('f32'),
  dOut: read('$value'),
  dqkv: write('$value'),
} as const;

const queryGradientKernel = defineKernel({
  ...common,
  source: wgsl('attention/queryGradient'),
  buffers: { ...gradientBuffers, delta: write('f32'), o: read('$value') },
});

const keyGradientKernel = defineKernel({
  ...common,
  source: wgsl('attention/keyGradient'),
  buffers: { ...gradientBuffers, delta: read('f32') },
});

export interface Heads {
  readonly heads: number;
  /** Columns of one head. */
  readonly size: number;
}

export interface Attention extends Heads {
  /** Queries, keys and values side by side, (T, 3C). */
  readonly qkv: Binding;
  /** Log sum exp of each head's and token's scores, (heads, T). */
  readonly lse: Binding;
  /** (T, C) */
  readonly out: Binding;
  /** Of the probabilities. */
  readonly dropout: Dropout | null;
}

function launch(pass: Pass, texts: TextRows, { heads, size, dropout }: Attention) {
  const { workAtOnce, attentionLanes: lanes } = pass.configuration;
  const rowsEach = threads / lanes;
  const grid: Grid = {
    x: Math.ceil((texts.tokenCount * heads) / rowsEach),
    atOnce: Math.floor(workAtOnce / (rowsEach * texts.longest * size * productsAPair)),
  };
  return {
    grid,
    constants: {
      ...rowUnits(size).constants,
      quads: Math.ceil(size / 4),
      ownInRegisters: size <= registerSize,
      dropout: dropout !== null,
      shared: lanes > 1,
      lanes,
      rowsEach,
    },
    parameters: {
      tokens: texts.tokenCount,
      heads,
      size,
      hidden: heads * size,
      scale: 1 / Math.sqrt(size),
      ...dropoutParameters(dropout),
    },
  };
}

/** Records multi-head attention of each text's tokens to one another: out (T, C) and lse (heads, T) of qkv (T, 3C). */
export function attention(pass: Pass, texts: TextRows, given: Attention): void {
  const { constants, parameters, grid } = launch(pass, texts, given);
  const { qkv, lse, out } = given;
  const buffers = { tokens: texts.tokens, texts: texts.texts, qkv, lse, o: out };
  pass.dispatch(forwardKernel(constants), buffers, parameters, grid);
}

export interface AttentionGradient extends Attention {
  /** At the output, (T, C). */
  readonly dOut: Binding;
  /** At queries, keys and values, (T, 3C), written. */
  readonly dQkv: Binding;
  /** Scratch, (heads, T). */
  readonly delta: Binding;
}

/** Records its backward pass, in which the probabilities are made again. */
export function attentionGradient(pass: Pass, texts: TextRows, given: AttentionGradient): void {
  const { constants, parameters, grid } = launch(pass, texts, given);
  const { qkv, lse, out, dOut, dQkv, delta } = given;
  const buffers = { tokens: texts.tokens, texts: texts.texts, qkv, lse, dOut, dqkv: dQkv, delta };
  pass.dispatch(queryGradientKernel(constants), { ...buffers, o: out }, parameters, grid);
  pass.dispatch(keyGradientKernel(constants), buffers, parameters, grid);
}
