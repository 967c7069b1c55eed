import { storageBuffer } from '../buffers.ts';
import adamwSource from '../kernels/adamw.wgsl?raw';
import type { Kernel, KernelCache } from '../kernels/kernel.ts';
import { rowUnits, threads } from '../kernels/rows.ts';
import valuesSource from '../kernels/values.wgsl?raw';
import type { Binding, Recorder } from '../recorder.ts';
import { blockAlignment, type Parameters } from './parameters.ts';

export interface OptimiserOptions {
  readonly weightDecay: number;
  readonly maxGradNorm: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What a step came to. */
export interface StepStats {
  readonly loss: number;
  readonly gradNorm: number;
  /** False when the loss or the norm was not finite; the weights are as they were then. */
  readonly taken: boolean;
}

/** Steps whose stats are kept on the device until they are read. */
export const statsKept = 256;
/** Values, or fours of values, of a gradient that one workgroup squares and sums. */
const blockSize = 1024;
const statBytes = 16;

/** AdamW over all parameters, behind clipping by the norm of the whole gradient. */
export class Optimiser {
  readonly #device: GPUDevice;
  readonly #kernels: KernelCache;
  readonly #recorder: Recorder;
  readonly #parameters: Parameters;
  readonly #options: OptimiserOptions;
  readonly #stats: GPUBuffer;
  #sums: GPUBuffer | null = null;

  constructor(
    device: GPUDevice,
    kernels: KernelCache,
    recorder: Recorder,
    parameters: Parameters,
    options: OptimiserOptions,
  ) {
    this.#device = device;
    this.#kernels = kernels;
    this.#recorder = recorder;
    this.#parameters = parameters;
    this.#options = options;
    this.#stats = storageBuffer(device, 'stats', statBytes * (1 + statsKept));
  }

  /** @param columns of the rows that it goes over; the blocks' buffers have a multiple of 64 floats */
  #kernel(part: 'squares' | 'clip' | 'update', columns = blockAlignment, byRow = false): Kernel {
    const family = part === 'update' ? 'optimiser' : 'gradient norm';
    return this.#kernels.get(family, `adamw ${part}`, valuesSource + adamwSource, {
      ...rowUnits(columns).constants,
      squares: part === 'squares',
      clip: part === 'clip',
      update: part === 'update',
      byRow,
      blockSize,
    });
  }

  /**
   * @param step counts from 0, for the bias correction and the place of its stats
   * @param words the gradient [slots, hidden] of the words touched
   * @param slots of each row of the word table its slot, 0xffffffff where it is not touched
   * @param enlarged power of two that all gradients were multiplied by
   */
  record(given: {
    readonly step: number;
    readonly learningRate: number;
    readonly losses: Binding;
    readonly queries: number;
    readonly words: { readonly gradient: Binding; readonly count: number; readonly slots: Binding };
    readonly enlarged?: number;
  }): void {
    const { hidden } = this.#parameters.shape;
    const { weightDecay, maxGradNorm, beta1, beta2, epsilon } = this.#options;
    const { width } = rowUnits(hidden);
    const wide = rowUnits(blockAlignment).unit;
    const gradients = [
      ...this.#parameters.blocks.map((block) => ({
        gradient: block.buffer('gradient') as Binding,
        count: block.count / wide,
        columns: blockAlignment,
      })),
      { gradient: given.words.gradient, count: given.words.count * width, columns: hidden },
    ];
    const groups = gradients.map(({ count }) => Math.ceil(count / blockSize));
    const sumCount = groups.reduce((sum, one) => sum + one, 0);
    const sums = this.#sumsFor(sumCount);
    const t = given.step + 1;
    const common = {
      count: 0,
      first: 0,
      losses: given.queries,
      maxNorm: maxGradNorm,
      learningRate: given.learningRate,
      decay: weightDecay,
      decayed: 0,
      rate1: 1 - beta1,
      beta2,
      rate2: 1 - beta2,
      stepSize: given.learningRate / (1 - beta1 ** t),
      correction: Math.sqrt(1 - beta2 ** t),
      epsilon,
      columns: width,
      shrink: 1 / (given.enlarged ?? 1),
    };
    let first = 0;
    for (const [index, { gradient, count, columns }] of gradients.entries()) {
      this.#recorder.run(
        this.#kernel('squares', columns),
        [gradient, sums],
        { ...common, count, first },
        groups[index]!,
      );
      first += groups[index]!;
    }
    this.#recorder.run(
      this.#kernel('clip'),
      [sums, given.losses, this.#stats],
      { ...common, count: sumCount, first: given.step % statsKept },
      1,
    );
    const update = this.#kernel('update');
    for (const block of this.#parameters.blocks) {
      const buffers = (['gradient', 'weights', 'mean', 'square'] as const).map((role) => block.buffer(role));
      this.#recorder.run(
        update,
        [...buffers, this.#stats],
        { ...common, count: block.count / wide, decayed: block.decayed / wide },
        Math.ceil(block.count / wide / threads),
      );
    }
    const byRow = this.#kernel('update', hidden, true);
    for (const { firstRow, rows, buffers } of this.#parameters.pages) {
      const count = rows * width;
      this.#recorder.run(
        byRow,
        [given.words.gradient, buffers.weights, buffers.mean, buffers.square, this.#stats, given.words.slots],
        { ...common, count, first: firstRow, decayed: count },
        Math.ceil(count / threads),
      );
    }
  }

  #sumsFor(count: number): GPUBuffer {
    if (!this.#sums || this.#sums.size < 4 * count) {
      this.#sums?.destroy();
      this.#sums = storageBuffer(this.#device, 'sums of squares', 4 * 2 ** Math.ceil(Math.log2(count)));
    }
    return this.#sums;
  }

  /** @param steps those whose stats are wanted, at most the last {@link statsKept} */
  async stats(
    steps: readonly number[],
    read: (buffer: GPUBuffer) => Promise<ArrayBuffer>,
  ): Promise<StepStats[]> {
    const all = new Float32Array(await read(this.#stats));
    return steps.map((step) => {
      const at = 4 * (1 + (step % statsKept));
      return { loss: all[at]!, gradNorm: all[at + 1]!, taken: all[at + 3] === 1 };
    });
  }

  destroy(): void {
    this.#stats.destroy();
    this.#sums?.destroy();
  }
}
