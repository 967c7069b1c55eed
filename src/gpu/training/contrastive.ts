import { storageBuffer } from '../buffers.ts';
import contrastiveSource from '../kernels/contrastive.wgsl?raw';
import type { KernelCache } from '../kernels/kernel.ts';
import { matmul, type Orientation } from '../kernels/matmul.ts';
import { normalise, normaliseGradient } from '../kernels/pooling.ts';
import type { Binding, Recorder } from '../recorder.ts';
import type { KernelPlan } from './plan.ts';

/** Scores held at a time, in bytes. */
const mostScoreBytes = 64 * 2 ** 20;
/** Rows: a matrix's part can be bound from every multiple of these rows on, whatever its width. */
const rowAlignment = 64;

type Buffers = Readonly<
  Record<'pooled' | 'normal' | 'gradient' | 'lengths' | 'losses' | 'scores', GPUBuffer>
>;

/**
 * MultipleNegativesRankingLoss: cross entropy of each query's scaled cosines with all documents of the batch,
 * its own positive being the right one (Henderson et al., 2017; sentence-transformers' loss of that name).
 */
export class ContrastiveLoss {
  readonly #device: GPUDevice;
  readonly #kernels: KernelCache;
  readonly #recorder: Recorder;
  readonly #plan: KernelPlan;
  readonly #hidden: number;
  readonly #scoreBytes: number;
  #held: Buffers | null = null;
  #size = { queries: 0, documents: 0 };

  /** @param scoreBytes held at a time; only tests give less */
  constructor(
    device: GPUDevice,
    kernels: KernelCache,
    recorder: Recorder,
    plan: KernelPlan,
    hidden: number,
    scoreBytes = mostScoreBytes,
  ) {
    this.#device = device;
    this.#kernels = kernels;
    this.#recorder = recorder;
    this.#plan = plan;
    this.#hidden = hidden;
    this.#scoreBytes = scoreBytes;
  }

  /** Row of the batch at which the documents begin; those between are nobody's. */
  static documentsFrom(queries: number): number {
    return Math.ceil(queries / rowAlignment) * rowAlignment;
  }

  reserve(queries: number, documents: number): void {
    if (queries === this.#size.queries && documents === this.#size.documents) return;
    this.destroy();
    const rows = ContrastiveLoss.documentsFrom(queries) + documents;
    const make = (label: string, floats: number): GPUBuffer => storageBuffer(this.#device, label, 4 * floats);
    this.#held = {
      pooled: make('pooled', rows * this.#hidden),
      normal: make('normalised', rows * this.#hidden),
      gradient: make('gradient of the pooled', rows * this.#hidden),
      lengths: make('lengths', rows),
      losses: make('losses', queries),
      scores: make('scores', Math.min(queries, this.#rowsAtOnce(documents)) * documents),
    };
    this.#size = { queries, documents };
  }

  get pooled(): GPUBuffer {
    return this.#buffers.pooled;
  }

  /** Of the mean loss at the pooled vectors, after {@link record}, enlarged as it was told. */
  get gradient(): GPUBuffer {
    return this.#buffers.gradient;
  }

  /** One a query. */
  get losses(): GPUBuffer {
    return this.#buffers.losses;
  }

  get #buffers(): Buffers {
    if (!this.#held) throw new Error('reserve() comes before any pass.');
    return this.#held;
  }

  #rowsAtOnce(documents: number): number {
    const rows = Math.floor(this.#scoreBytes / (4 * documents));
    return Math.max(rowAlignment, Math.floor(rows / rowAlignment) * rowAlignment);
  }

  /**
   * Losses and the gradient at the pooled vectors.
   * @param scale of the cosines
   * @param enlarged factor on the gradient alone
   */
  record(scale: number, enlarged = 1): void {
    const { queries, documents } = this.#size;
    const { pooled, normal, gradient, lengths, scores, losses } = this.#buffers;
    const hidden = this.#hidden;
    const from = ContrastiveLoss.documentsFrom(queries);
    const rowsOf = (buffer: GPUBuffer, first: number, rows: number): Binding => ({
      buffer,
      offset: 4 * first * hidden,
      size: 4 * rows * hidden,
    });
    const all = { rows: from + documents, columns: hidden };
    normalise(this.#recorder, this.#kernels, all, { pooled, lengths, normal });
    const kernel = this.#kernels.get('loss', 'contrastive', contrastiveSource, {});
    const atOnce = this.#rowsAtOnce(documents);
    for (let first = 0; first < queries; first += atOnce) {
      const rows = Math.min(atOnce, queries - first);
      const asked = rowsOf(normal, first, rows);
      const answers = rowsOf(normal, from, documents);
      this.#product('nt', [rows, documents, hidden], asked, answers, scores, { alpha: scale });
      this.#recorder.run(
        kernel,
        [scores, losses],
        { first, documents, slope: (enlarged * scale) / queries },
        rows,
      );
      this.#product('nn', [rows, hidden, documents], scores, answers, rowsOf(gradient, first, rows), {});
      this.#product('tn', [documents, hidden, rows], scores, asked, rowsOf(gradient, from, documents), {
        accumulate: first > 0,
      });
    }
    normaliseGradient(this.#recorder, this.#kernels, all, { gradient, lengths, normal });
  }

  #product(
    orientation: Orientation,
    [rows, columns, depth]: readonly [number, number, number],
    a: Binding,
    b: Binding,
    c: Binding,
    options: { readonly alpha?: number; readonly accumulate?: boolean },
  ): void {
    matmul(
      this.#recorder,
      this.#kernels,
      orientation,
      this.#plan.matmul[orientation],
      { rows, columns, depth },
      { a, b, c },
      { kind: 'none' },
      { ...options, workAtOnce: this.#plan.workAtOnce },
    );
  }

  destroy(): void {
    for (const buffer of Object.values(this.#held ?? {})) buffer.destroy();
    this.#held = null;
    this.#size = { queries: 0, documents: 0 };
  }
}
