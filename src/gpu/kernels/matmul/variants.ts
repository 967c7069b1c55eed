/**
 * Which operand lies transposed: `nt` is x Wᵀ (forward), `nn` is dy W (gradient of the input),
 * `tn` is dyᵀ x (gradient of the weights).
 */
export type Orientation = 'nt' | 'nn' | 'tn';

/** How a product is laid out on the device; which is fastest is measured. */
export interface MatmulVariant {
  /**
   * How an invocation comes by the values it shares with others: both operands' through workgroup memory
   * (tiled.wgsl, doubled.wgsl), through the cache alone (cached.wgsl), or the left operand's by subgroup operations
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
  /** Slices of an operand in workgroup memory: with two, one is read while the other is multiplied. 1 without. */
  readonly tiles?: 1 | 2;
  /** Quads behind each row of a tile, so that what is turned does not fall into one bank. 0 without. */
  readonly padding?: 0 | 1;
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
  const { threadsX, threadsY, rowsEach, columnsEach, blockDepth, tiles = 1, padding = 0 } = variant;
  return 4 * tiles * blockDepth * (threadsX * columnsEach + threadsY * rowsEach + 8 * padding);
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

/** Eight by eight sums an invocation: a value that is read from workgroup memory is multiplied eight times. */
const large: MatmulVariant = { ...tiled, rowsEach: 8, columnsEach: 8, blockDepth: 8 };
/** The same, while the next slice is on its way. */
const largeDoubled: MatmulVariant = { ...large, threadsX: 8, threadsY: 8, tiles: 2, padding: 1 };

/**
 * Candidates to measure; all fit the least limits of WebGPU, and need no feature but subgroups. On a processor the first
 * ones win. On a GPU it is a question of what runs short: registers (sums an invocation holds), workgroups to fill it
 * (blocks of 64 or of 128), the banks of workgroup memory (padding), or the wait for memory (two tiles).
 */
export const matmulVariants: readonly MatmulVariant[] = [
  untiled,
  tall,
  wide,
  { ...untiled, threadsX: 8, threadsY: 8, rowsEach: 4, columnsEach: 4 },
  tiled,
  { ...tiled, threadsX: 8, threadsY: 8 },
  { ...tiled, threadsX: 8, threadsY: 16, columnsEach: 8 },
  { ...tiled, threadsX: 16, threadsY: 16, rowsEach: 8, columnsEach: 4, blockDepth: 8 },
  { ...tiled, padding: 1 },
  { ...tiled, threadsX: 8, threadsY: 8, tiles: 2, padding: 1 },
  { ...large, padding: 1 },
  { ...large, threadsX: 8, threadsY: 8, blockDepth: 16, padding: 1 },
  largeDoubled,
  { ...largeDoubled, threadsX: 16, rowsEach: 8, columnsEach: 4 },
  shuffled,
  { ...shuffled, threadsX: 32, columnsEach: 8 },
];
