import type { Binding, Recorder } from '../recorder.ts';
import geluSource from './gelu.wgsl?raw';
import type { KernelCache } from './kernel.ts';
import source from './matmul.wgsl?raw';
import randomSource from './random.wgsl?raw';

/**
 * Which operand lies transposed: `nt` is x Wᵀ (forward), `nn` is dy W (gradient of the input),
 * `tn` is dyᵀ x (gradient of the weights).
 */
export type Orientation = 'nt' | 'nn' | 'tn';

/** What every layout's `blockDepth` divides. */
const depthStep = 16;

/** How a product is laid out on the device; which is fastest is measured. */
export interface MatmulVariant {
  /**
   * How an invocation comes by the values it shares with others: both operands' through workgroup memory,
   * through the cache alone, or the left operand's by subgroup operations (`threadsY` is 1 then).
   */
  readonly through: 'workgroup' | 'cache' | 'subgroup';
  readonly threadsX: number;
  readonly threadsY: number;
  /** Rows and columns of sums an invocation holds, multiples of 4. */
  readonly rowsEach: number;
  readonly columnsEach: number;
  /** Depth of a block in workgroup memory: 4, 8 or 16. */
  readonly blockDepth: number;
}

/** What is done with the sums before they are written. */
export type Epilogue =
  | { readonly kind: 'none' }
  | { readonly kind: 'bias'; readonly bias: Binding }
  /** C = gelu(v), and v is kept in `before`. */
  | { readonly kind: 'biasGelu'; readonly bias: Binding; readonly before: Binding }
  /** C = dropout(v + bias) + residual. */
  | {
      readonly kind: 'biasResidual';
      readonly bias: Binding;
      readonly residual: Binding;
      readonly dropout: Dropout | null;
      readonly tokens: Binding;
    }
  /** C = v gelu'(before), and `before` becomes gelu(before). */
  | { readonly kind: 'geluGradient'; readonly before: Binding }
  | { readonly kind: 'add'; readonly residual: Binding }
  /** Also the row sums of op(A), which are a bias's gradient; rows [zeroFrom, zeroTo) of it are set to 0. */
  | {
      readonly kind: 'biasGradient';
      readonly gradient: Binding;
      readonly zeroFrom: number;
      readonly zeroTo: number;
    };

/** One place of dropout in one step: the mask is a pure function of these and of token and column. */
export interface Dropout {
  readonly rate: number;
  readonly key: number;
  readonly site: number;
}

export interface MatmulShape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

export interface MatmulOptions {
  readonly accumulate?: boolean;
  readonly alpha?: number;
  /** Parts the depth is cut into; each part's product is a plane of C. */
  readonly planes?: number;
  /** Multiply-adds that one dispatch may do. */
  readonly workAtOnce?: number;
  /** Rounds both operands to float16; for layouts through workgroup memory. */
  readonly half?: boolean;
}

/** Parameters of a kernel's dropout, 0 where there is none. */
export function dropoutParameters(dropout: Dropout | null): Record<string, number> {
  return {
    dropoutKey: dropout?.key ?? 0,
    dropoutSite: dropout?.site ?? 0,
    dropoutThreshold: dropout ? Math.floor(dropout.rate * 2 ** 32) : 0,
    dropoutScale: dropout ? 1 / (1 - dropout.rate) : 1,
  };
}

/**
 * Whether a layout adds up one depth after another. All that do come to the same bits, and so do all that do
 * not: those that read both operands' rows through the cache, four depths at a time.
 */
export function addsInOrder(orientation: Orientation, { through }: MatmulVariant): boolean {
  return orientation !== 'nt' || through !== 'cache';
}

export function workgroupBytes(variant: MatmulVariant): number {
  if (variant.through !== 'workgroup') return 0;
  const { threadsX, threadsY, rowsEach, columnsEach, blockDepth } = variant;
  return 4 * blockDepth * (threadsX * columnsEach + threadsY * rowsEach);
}

/** Records C = epilogue(op(A) op(B)). @see matmul.wgsl */
export function matmul(
  recorder: Recorder,
  kernels: KernelCache,
  orientation: Orientation,
  variant: MatmulVariant,
  shape: MatmulShape,
  operands: { readonly a: Binding; readonly b: Binding; readonly c: Binding },
  epilogue: Epilogue = { kind: 'none' },
  options: MatmulOptions = {},
): void {
  const { rows, columns, depth } = shape;
  if (rows === 0 || columns === 0) return;
  const { accumulate = false, alpha = 1, planes = 1, workAtOnce = Number.POSITIVE_INFINITY } = options;
  const { half = false } = options;
  const { through, threadsX, threadsY, rowsEach, columnsEach, blockDepth } = variant;
  const blockRows = threadsY * rowsEach;
  const blockColumns = threadsX * columnsEach;
  const transposedA = orientation === 'tn';
  const transposedB = orientation === 'nt';
  const { kind } = epilogue;
  const vecC = columns % 4 === 0;
  const hasBias = kind === 'bias' || kind === 'biasGelu' || kind === 'biasResidual';
  const dropout = kind === 'biasResidual' ? epilogue.dropout : null;
  const activates = kind === 'biasGelu' || kind === 'geluGradient';
  if (half && through !== 'workgroup') throw new Error(`Halves do not go through the ${through}.`);
  const shaderF16 = half && kernels.has('shader-f16');
  const enabled = through === 'subgroup' ? 'enable subgroups;\n' : shaderF16 ? 'enable f16;\n' : '';
  const text = enabled + (dropout ? randomSource : '') + (activates ? geluSource : '') + source;
  const constants = {
    tiled: through === 'workgroup',
    subgroups: through === 'subgroup',
    half,
    shaderF16,
    threadsX,
    threadsY,
    threads: threadsX * threadsY,
    rowQuads: rowsEach / 4,
    columnQuads: columnsEach / 4,
    blockDepth,
    blockDepthQuads: blockDepth / 4,
    blockRows,
    blockColumns,
    blockRowQuads: blockRows / 4,
    blockColumnQuads: blockColumns / 4,
    tileASize: (blockDepth * blockRows) / 4,
    tileBSize: (blockDepth * blockColumns) / 4,
    quadsOfA: (blockDepth * blockRows) / 16,
    quadsOfB: (blockDepth * blockColumns) / 16,
    transposedA,
    transposedB,
    vecA: (transposedA ? rows : depth) % 4 === 0,
    vecB: (transposedB ? depth : columns) % 4 === 0,
    vecC,
    element: vecC ? 'vec4f' : 'f32',
    bias: hasBias,
    biasGradient: kind === 'biasGradient',
    gelu: kind === 'biasGelu',
    geluGradient: kind === 'geluGradient',
    before: activates,
    residual: kind === 'biasResidual' || kind === 'add',
    residualAt: kind === 'add' ? 4 : 5,
    dropout: dropout !== null,
  };
  const kernel = kernels.get('matmul', 'matmul', text, constants);
  const bindings: Binding[] = [operands.a, operands.b, operands.c];
  if (kind === 'bias') bindings.push(epilogue.bias);
  else if (kind === 'biasGelu') bindings.push(epilogue.bias, epilogue.before);
  else if (kind === 'biasResidual') {
    bindings.push(epilogue.bias, epilogue.residual);
    if (dropout) bindings.push(epilogue.tokens);
  } else if (kind === 'geluGradient') bindings.push(epilogue.before);
  else if (kind === 'add') bindings.push(epilogue.residual);
  else if (kind === 'biasGradient') bindings.push(epilogue.gradient);
  // No block belongs to two parts, and the parts are the same for every layout.
  const depthEach = Math.ceil(depth / planes / depthStep) * depthStep;
  recorder.run(
    kernel,
    bindings,
    {
      rows,
      columns,
      depth,
      depthEach: planes === 1 ? depth : depthEach,
      accumulate: accumulate ? 1 : 0,
      alpha,
      zeroFrom: kind === 'biasGradient' ? epilogue.zeroFrom : 0,
      zeroTo: kind === 'biasGradient' ? epilogue.zeroTo : 0,
      ...dropoutParameters(dropout),
    },
    Math.ceil(rows / blockRows) * Math.ceil(columns / blockColumns),
    planes,
    Math.floor(workAtOnce / (blockRows * blockColumns * depth)),
  );
}
