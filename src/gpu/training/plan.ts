import type { MatmulVariant, Orientation } from '../kernels/matmul.ts';

/**
 * What products of matrices take their operands in: as they are, or rounded to float16, with float32 sums.
 * Everything else is float32 either way, weights and moments too.
 */
export type Precision = 'fp32' | 'fp16';

/** How kernels are laid out on a device. Plain data: it is measured once and remembered. */
export interface KernelPlan {
  readonly precision: Precision;
  readonly matmul: Readonly<Record<Orientation, MatmulVariant>>;
  /** Invocations that share a row of a LayerNorm. */
  readonly lanes: number;
  /** Rows and columns of a product that a workgroup is reckoned to take, whatever the layouts: it decides how sums are cut. */
  readonly tile: number;
  /** Workgroups that fill the device: a product with fewer is cut along its depth. */
  readonly groupsToFill: number;
  /** Multiply-adds that one dispatch may do, so that no watchdog ends it. */
  readonly workAtOnce: number;
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
const tall: MatmulVariant = { ...untiled, rowsEach: 12 };
/** ... and from rows that lie along the columns. */
const wide: MatmulVariant = { ...untiled, threadsX: 2, threadsY: 8, columnsEach: 16 };

const tiled: MatmulVariant = {
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

/** A plan that works anywhere, for before anything is measured. */
export function defaultPlan(software: boolean, precision: Precision = 'fp32'): KernelPlan {
  const cached = software && precision === 'fp32';
  return {
    precision,
    matmul: cached ? { nt: tall, nn: wide, tn: wide } : { nt: tiled, nn: tiled, tn: tiled },
    lanes: software ? 1 : 32,
    tile: software ? 32 : 64,
    groupsToFill: software ? 4 : 128,
    // A second of a weak integrated GPU; a software adapter has a watchdog of ten.
    workAtOnce: software ? 2 ** 32 : 2 ** 36,
  };
}
