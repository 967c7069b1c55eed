import { embeddingWidth } from '../../base/bertShape.ts';
import type { BufferArena } from '../buffers.ts';
import {
  clip,
  type Gradient,
  type Rates,
  squareBlocks,
  squares,
  update,
  updateRows,
} from '../kernels/adamw/adamw.ts';
import type { Pass } from '../pass.ts';
import type { Binding } from '../recorder.ts';
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
const statBytes = 16;

export interface OptimiserStep {
  /** Counts from 0, for the bias correction and the place of its stats. */
  readonly step: number;
  readonly learningRate: number;
  /** (queries): or of texts, where the loss is of them. */
  readonly losses: Binding;
  readonly queries: number;
  readonly words: {
    /** (slots, E): gradient of the words touched. */
    readonly gradient: Binding;
    readonly count: number;
    /** (V): of each row of the word table its slot, 0xffffffff where it is not touched. */
    readonly slots: Binding;
  };
  /** Power of two that all gradients were multiplied by. */
  readonly lossScale?: number;
}

/** AdamW over all parameters, behind clipping by the norm of the whole gradient. */
export class Optimiser {
  readonly #pass: Pass;
  readonly #arena: BufferArena;
  readonly #parameters: Parameters;
  readonly #options: OptimiserOptions;
  readonly #stats: GPUBuffer;
  #sums: GPUBuffer | null = null;

  constructor(pass: Pass, parameters: Parameters, options: OptimiserOptions) {
    this.#pass = pass;
    this.#arena = pass.session.arena();
    this.#parameters = parameters;
    this.#options = options;
    this.#stats = this.#arena.storage('stats', statBytes * (1 + statsKept));
  }

  record({ step, learningRate, losses, queries, words, lossScale = 1 }: OptimiserStep): void {
    const pass = this.#pass;
    const width = embeddingWidth(this.#parameters.shape);
    const { maxGradNorm, ...rest } = this.#options;
    const stats = this.#stats;
    const gradients: Gradient[] = [
      // The blocks' buffers have a multiple of 64 floats, whatever their tensors' columns.
      ...this.#parameters.blocks.map((block) => ({
        gradient: block.buffer('gradient'),
        count: block.count,
        columns: blockAlignment,
      })),
      { gradient: words.gradient, count: words.count * width, columns: width },
    ];
    const count = gradients.reduce((sum, one) => sum + squareBlocks(one), 0);
    const sums = this.#sumsFor(count);
    let first = 0;
    for (const gradient of gradients) {
      squares(pass, gradient, sums, first);
      first += squareBlocks(gradient);
    }
    const slot = step % statsKept;
    const inverseLossScale = 1 / lossScale;
    clip(pass, { sums, count, losses, queries, stats, slot, maxNorm: maxGradNorm, inverseLossScale });
    const rates: Rates = { ...rest, learningRate, t: step + 1 };
    for (const block of this.#parameters.blocks) {
      const { gradient, weights, mean, square } = block.buffers;
      update(pass, { gradient, weights, mean, square, stats }, block, rates);
    }
    for (const { firstRow, rows, buffers } of this.#parameters.pages) {
      const { gradient, slots } = words;
      updateRows(pass, { gradient, ...buffers, stats, slots }, { firstRow, rows, columns: width }, rates);
    }
  }

  #sumsFor(count: number): GPUBuffer {
    if (!this.#sums || this.#sums.size < 4 * count) {
      this.#arena.destroy(this.#sums);
      this.#sums = this.#arena.storage('sums of squares', 4 * 2 ** Math.ceil(Math.log2(count)));
    }
    return this.#sums;
  }

  /** @param steps those whose stats are wanted, at most the last {@link statsKept} */
  async stats(steps: readonly number[]): Promise<StepStats[]> {
    const all = new Float32Array(await this.#pass.session.read(this.#stats));
    return steps.map((step) => {
      const at = 4 * (1 + (step % statsKept));
      return { loss: all[at]!, gradNorm: all[at + 1]!, taken: all[at + 3] === 1 };
    });
  }

  destroy(): void {
    this.#arena.dispose();
  }
}
