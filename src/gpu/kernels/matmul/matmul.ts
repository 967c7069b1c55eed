import type { Pass } from '../../pass.ts';
import type { Binding, Grid } from '../../recorder.ts';
import { type BufferTypes, type ConstantValues, defineKernel, read, write } from '../defineKernel.ts';
import { remembered } from '../remembered.ts';
import { type Dropout, dropoutParameters, dropoutTypes } from '../shared/dropout.ts';
import { wgsl } from '../wgsl.ts';
import type { MatmulVariant, Orientation } from './variants.ts';

/** What every variant's `blockDepth` divides. */
const depthStep = 16;

/** What is done with the sums v before they are stored in C (M, N). */
export type Epilogue =
  | { readonly kind: 'none' }
  /** C = v + bias (N). */
  | { readonly kind: 'bias'; readonly bias: Binding }
  /** C = gelu(v + bias), exact or by tanh, and v + bias is kept in `before` (M, N). */
  | {
      readonly kind: 'biasGelu';
      readonly bias: Binding;
      readonly before: Binding;
      readonly tanh: boolean;
    }
  /** C = dropout(v + bias) + residual (M, N). */
  | {
      readonly kind: 'biasResidual';
      readonly bias: Binding;
      readonly residual: Binding;
      readonly dropout: Dropout | null;
      readonly tokens: Binding;
    }
  /** C = v gelu'(before), and `before` (M, N) becomes gelu(before). */
  | { readonly kind: 'geluGradient'; readonly before: Binding; readonly tanh: boolean }
  /** C = v + residual (M, N). */
  | { readonly kind: 'add'; readonly residual: Binding }
  /** Also the row sums (M) of op(A), which are a bias's gradient; rows [zeroFrom, zeroTo) of it are set to 0. */
  | {
      readonly kind: 'biasGradient';
      readonly gradient: Binding;
      readonly zeroFrom: number;
      readonly zeroTo: number;
    };

export interface MatmulShape {
  /** M */
  readonly rows: number;
  /** N */
  readonly columns: number;
  /** K */
  readonly depth: number;
}

export interface Matmul {
  readonly orientation: Orientation;
  readonly shape: MatmulShape;
  /** (M, K), or (K, M) where the orientation has it transposed. */
  readonly a: Binding;
  /** (K, N), or (N, K) where the orientation has it transposed. */
  readonly b: Binding;
  /** (M, N), or (splitK, M, N). */
  readonly c: Binding;
  readonly epilogue?: Epilogue;
  /** Adds to what is in C. */
  readonly accumulate?: boolean;
  /** Factor on the sums. */
  readonly alpha?: number;
  /** Parts the depth is cut into; each part's product is a plane of C. */
  readonly splitK?: number;
}

const sources = {
  tiled: wgsl('matmul/tiled'),
  doubled: wgsl('matmul/doubled'),
  cached: wgsl('matmul/cached'),
  subgroup: wgsl('matmul/subgroup'),
} as const;

type Algorithm = keyof typeof sources;

function algorithmOf({ through, tiles }: MatmulVariant): Algorithm {
  if (through === 'workgroup') return tiles === 2 ? 'doubled' : 'tiled';
  return through === 'cache' ? 'cached' : 'subgroup';
}

const constantTypes = {
  threadsX: 'number',
  threadsY: 'number',
  rowQuads: 'number',
  columnQuads: 'number',
  blockRows: 'number',
  blockColumns: 'number',
  blockRowQuads: 'number',
  blockColumnQuads: 'number',
  transposedA: 'boolean',
  transposedB: 'boolean',
  // Whether rows can be read and written as vec4s.
  vecA: 'boolean',
  vecB: 'boolean',
  vecC: 'boolean',
  elementA: 'string',
  elementB: 'string',
  elementC: 'string',
  // What the epilogue does.
  bias: 'boolean',
  biasGradient: 'boolean',
  gelu: 'boolean',
  geluGradient: 'boolean',
  geluFile: 'string',
  before: 'boolean',
  residual: 'boolean',
  dropout: 'boolean',
  // How the quads of A and B are multiplied.
  outer: 'boolean',
  rows: 'boolean',
  columns: 'boolean',
  dots: 'boolean',
  depthAtOnce: 'number',
  // Of tiles in workgroup memory: what fills them, and how.
  invocations: 'number',
  blockDepth: 'number',
  blockDepthQuads: 'number',
  strideA: 'number',
  strideB: 'number',
  fillsA: 'number',
  fillsB: 'number',
  fillA: 'string',
  fillB: 'string',
  hold: 'string',
} as const;

const parameterTypes = {
  rows: 'u32',
  columns: 'u32',
  depth: 'u32',
  depthEach: 'u32',
  accumulate: 'u32',
  alpha: 'f32',
  zeroFrom: 'u32',
  zeroTo: 'u32',
  ...dropoutTypes,
} as const;

const operands = { a: read('$elementA'), b: read('$elementB'), c: write('$elementC') } as const;

function define<const B extends BufferTypes>(algorithm: Algorithm, buffers: B) {
  return defineKernel({
    family: 'matmul',
    source: sources[algorithm],
    constants: constantTypes,
    parameters: parameterTypes,
    buffers: { ...operands, ...buffers },
  });
}

const bias = read('$elementC');
const residual = read('$elementC');
const before = write('$elementC');

/** A kernel for each epilogue, with the buffers that it takes beside the operands. */
const kernelsOf = remembered((algorithm: Algorithm) => ({
  none: define(algorithm, {}),
  bias: define(algorithm, { bias }),
  biasGelu: define(algorithm, { bias, before }),
  biasResidual: define(algorithm, { bias, residual, tokens: read('vec4u') }),
  geluGradient: define(algorithm, { before }),
  add: define(algorithm, { residual }),
  biasGradient: define(algorithm, { biasGradient: write('f32') }),
}));

/** How two operands are held in workgroup memory. */
type Hold = 'Float32' | 'Float16' | 'Packed';

const constantsOf = remembered(
  (
    variant: MatmulVariant,
    orientation: Orientation,
    kind: Epilogue['kind'],
    dropout: boolean,
    tanh: boolean,
    hold: Hold,
    vecA: boolean,
    vecB: boolean,
    vecC: boolean,
  ): ConstantValues<typeof constantTypes> => {
    const { through, threadsX, threadsY, rowsEach, columnsEach, blockDepth, padding = 0 } = variant;
    const blockRows = threadsY * rowsEach;
    const blockColumns = threadsX * columnsEach;
    const invocations = threadsX * threadsY;
    const transposedA = orientation === 'tn';
    const transposedB = orientation === 'nt';
    const outer = through === 'workgroup' || transposedA;
    const element = (vec: boolean): string => (vec ? 'vec4f' : 'f32');
    /** What an invocation reads of a slice: quads that lie across the depth, or squares of four quads to be turned. */
    const fills = (quads: number, turned: boolean): number =>
      Math.ceil((quads * (turned ? blockDepth / 4 : blockDepth)) / invocations);
    return {
      threadsX,
      threadsY,
      rowQuads: rowsEach / 4,
      columnQuads: columnsEach / 4,
      blockRows,
      blockColumns,
      blockRowQuads: blockRows / 4,
      blockColumnQuads: blockColumns / 4,
      transposedA,
      transposedB,
      vecA,
      vecB,
      vecC,
      elementA: element(vecA),
      elementB: element(vecB),
      elementC: element(vecC),
      bias: kind === 'bias' || kind === 'biasGelu' || kind === 'biasResidual',
      biasGradient: kind === 'biasGradient',
      gelu: kind === 'biasGelu',
      geluGradient: kind === 'geluGradient',
      geluFile: tanh ? 'tanhGelu' : 'gelu',
      before: kind === 'biasGelu' || kind === 'geluGradient',
      residual: kind === 'biasResidual' || kind === 'add',
      dropout,
      outer,
      rows: !outer && !transposedB,
      columns: !outer && transposedB && through === 'subgroup',
      // Four depths at a time: on a processor a third faster than one after another.
      dots: !outer && transposedB && through === 'cache',
      depthAtOnce: outer ? 1 : 4,
      invocations,
      blockDepth,
      blockDepthQuads: blockDepth / 4,
      strideA: blockRows / 4 + padding,
      strideB: blockColumns / 4 + padding,
      fillsA: fills(blockRows / 4, !transposedA),
      fillsB: fills(blockColumns / 4, transposedB),
      fillA: transposedA ? 'Copy' : 'Turn',
      fillB: transposedB ? 'Turn' : 'Copy',
      hold,
    };
  },
);

function holdOf(pass: Pass, { through }: MatmulVariant): Hold {
  if (pass.configuration.precision === 'fp32') return 'Float32';
  if (through !== 'workgroup') throw new Error(`Halves do not go through the ${through}.`);
  return pass.session.device.features.has('shader-f16') ? 'Float16' : 'Packed';
}

/** Records C (M, N) = epilogue(op(A) (M, K) op(B) (K, N)), by the pass's variant for this orientation. */
export function matmul(pass: Pass, given: Matmul): void {
  const { orientation, shape, a, b, c, accumulate = false, alpha = 1, splitK = 1 } = given;
  const { epilogue = { kind: 'none' } } = given;
  const { rows, columns, depth } = shape;
  if (rows === 0 || columns === 0) return;
  if (epilogue.kind === 'biasGradient' && orientation !== 'tn') {
    throw new Error('Only a product that gives the gradient of weights gives that of a bias.');
  }
  const { matmul: variants, workAtOnce } = pass.configuration;
  const variant = variants[orientation];
  const dropout = epilogue.kind === 'biasResidual' ? epilogue.dropout : null;
  const constants = constantsOf(
    variant,
    orientation,
    epilogue.kind,
    dropout !== null,
    'tanh' in epilogue && epilogue.tanh,
    holdOf(pass, variant),
    (orientation === 'tn' ? rows : depth) % 4 === 0,
    (orientation === 'nt' ? depth : columns) % 4 === 0,
    columns % 4 === 0,
  );
  const { blockRows, blockColumns } = constants;
  const { zeroFrom, zeroTo } = epilogue.kind === 'biasGradient' ? epilogue : { zeroFrom: 0, zeroTo: 0 };
  const parameters = {
    rows,
    columns,
    depth,
    // No slice belongs to two parts, and the parts are the same for every variant.
    depthEach: splitK === 1 ? depth : Math.ceil(depth / splitK / depthStep) * depthStep,
    accumulate: accumulate ? 1 : 0,
    alpha,
    zeroFrom,
    zeroTo,
    ...dropoutParameters(dropout),
  };
  const grid: Grid = {
    x: Math.ceil(rows / blockRows) * Math.ceil(columns / blockColumns),
    y: splitK,
    atOnce: Math.floor(workAtOnce / (blockRows * blockColumns * depth)),
  };
  dispatch(pass, { a, b, c }, epilogue, { algorithm: algorithmOf(variant), constants, parameters, grid });
}

interface Launch {
  readonly algorithm: Algorithm;
  readonly constants: ConstantValues<typeof constantTypes>;
  readonly parameters: Readonly<Record<keyof typeof parameterTypes, number>>;
  readonly grid: Grid;
}

function dispatch(
  pass: Pass,
  abc: Readonly<Record<keyof typeof operands, Binding>>,
  epilogue: Epilogue,
  { algorithm, constants, parameters, grid }: Launch,
): void {
  const kernels = kernelsOf(algorithm);
  switch (epilogue.kind) {
    case 'none':
      pass.dispatch(kernels.none(constants), abc, parameters, grid);
      break;
    case 'bias': {
      const { bias } = epilogue;
      pass.dispatch(kernels.bias(constants), { ...abc, bias }, parameters, grid);
      break;
    }
    case 'biasGelu': {
      const { bias, before } = epilogue;
      pass.dispatch(kernels.biasGelu(constants), { ...abc, bias, before }, parameters, grid);
      break;
    }
    case 'biasResidual': {
      const { bias, residual, tokens } = epilogue;
      const buffers = { ...abc, bias, residual, tokens };
      pass.dispatch(kernels.biasResidual(constants), buffers, parameters, grid);
      break;
    }
    case 'geluGradient': {
      const { before } = epilogue;
      pass.dispatch(kernels.geluGradient(constants), { ...abc, before }, parameters, grid);
      break;
    }
    case 'add': {
      const { residual } = epilogue;
      pass.dispatch(kernels.add(constants), { ...abc, residual }, parameters, grid);
      break;
    }
    case 'biasGradient': {
      const { gradient: biasGradient } = epilogue;
      pass.dispatch(kernels.biasGradient(constants), { ...abc, biasGradient }, parameters, grid);
      break;
    }
  }
}
