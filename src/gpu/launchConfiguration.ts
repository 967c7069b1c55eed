import { type MatmulVariant, type Orientation, tall, tiled, wide } from './kernels/matmul/variants.ts';

/**
 * What products of matrices take their operands in: as they are, or rounded to float16, with float32 sums.
 * Everything else is float32 either way, weights and moments too.
 */
export type Precision = 'fp32' | 'fp16';

/** How kernels are launched on a device. Plain data: it is measured once and remembered. */
export interface LaunchConfiguration {
  readonly precision: Precision;
  readonly matmul: Readonly<Record<Orientation, MatmulVariant>>;
  /** Invocations that share a row of a LayerNorm. */
  readonly lanes: number;
  /**
   * Invocations that share a token and a head in attention. Short texts are few for a GPU: 24 texts of 64 tokens with 12
   * heads are 18,000 invocations of one lane, where large ones hold 100,000 and more.
   */
  readonly attentionLanes: number;
  /** Rows and columns of a product that a workgroup is reckoned to take, whatever the variants: it decides split-K. */
  readonly tile: number;
  /** Workgroups that fill the device: a product with fewer is cut along its depth (split-K). */
  readonly groupsToFill: number;
  /** Multiply-adds that one dispatch may do, so that no watchdog ends it. */
  readonly workAtOnce: number;
}

/** A configuration that works anywhere, for before anything is measured. */
export function defaultLaunchConfiguration(
  software: boolean,
  precision: Precision = 'fp32',
): LaunchConfiguration {
  const cached = software && precision === 'fp32';
  return {
    precision,
    matmul: cached ? { nt: tall, nn: wide, tn: wide } : { nt: tiled, nn: tiled, tn: tiled },
    lanes: software ? 1 : 32,
    attentionLanes: software ? 1 : 4,
    tile: software ? 32 : 64,
    groupsToFill: software ? 4 : 128,
    // A second of a weak integrated GPU; a software adapter has a watchdog of ten.
    workAtOnce: software ? 2 ** 32 : 2 ** 36,
  };
}
