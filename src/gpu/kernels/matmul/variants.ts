/**
 * Which operand lies transposed: `nt` is x Wᵀ (forward), `nn` is dy W (gradient of the input),
 * `tn` is dyᵀ x (gradient of the weights).
 */
export type Orientation = 'nt' | 'nn' | 'tn';

/** How a product is laid out on the device; which is fastest is measured. */
export interface MatmulVariant {
  /**
   * How an invocation comes by the values it shares with others: both operands' through workgroup memory
   * (tiled.wgsl), through the cache alone (cached.wgsl), or the left operand's by subgroup operations
   * (subgroup.wgsl; `threadsY` is 1 then).
   */
  readonly through: 'workgroup' | 'cache' | 'subgroup';
  readonly threadsX: number;
  readonly threadsY: number;
  /** Rows and columns of sums an invocation holds, multiples of 4. */
  readonly rowsEach: number;
  readonly columnsEach: number;
  /** Depth of a slice in workgroup memory: 4, 8 or 16. */
  readonly blockDepth: number;
}

/**
 * Whether a variant adds up one depth after another. All that do come to the same bits, and so do all that do
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

/** Through the cache alone, which suits adapters that run on a processor. */
export const untiled: MatmulVariant = {
  through: 'cache',
  threadsX: 4,
  threadsY: 4,
  rowsEach: 8,
  columnsEach: 8,
  blockDepth: 4,
};

/** On a processor the fastest from rows that both lie along the depth ... */
export const tall: MatmulVariant = { ...untiled, rowsEach: 12 };
/** ... and from rows that lie along the columns. */
export const wide: MatmulVariant = { ...untiled, threadsX: 2, threadsY: 8, columnsEach: 16 };

export const tiled: MatmulVariant = {
  through: 'workgroup',
  threadsX: 16,
  threadsY: 16,
  rowsEach: 4,
  columnsEach: 4,
  blockDepth: 16,
};

const shuffled: MatmulVariant = {
  through: 'subgroup',
  threadsX: 64,
  threadsY: 1,
  rowsEach: 8,
  columnsEach: 4,
  blockDepth: 4,
};

/** Candidates to measure; all fit the least limits of WebGPU, and need no feature but subgroups. */
export const matmulVariants: readonly MatmulVariant[] = [
  untiled,
  tall,
  wide,
  { ...untiled, threadsX: 8, threadsY: 8, rowsEach: 4, columnsEach: 4 },
  tiled,
  { ...tiled, threadsX: 8, threadsY: 8 },
  { ...tiled, threadsX: 8, threadsY: 16, columnsEach: 8 },
  { ...tiled, threadsX: 16, threadsY: 16, rowsEach: 8, columnsEach: 4, blockDepth: 8 },
  shuffled,
  { ...shuffled, threadsX: 32, columnsEach: 8 },
];
