import type { BufferArena } from '../../buffers.ts';
import { contrastive } from '../../kernels/contrastive/contrastive.ts';
import { matmul } from '../../kernels/matmul/matmul.ts';
import { normalise, normaliseGradient } from '../../kernels/pooling/pooling.ts';
import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { type BatchSize, documentsFrom, type Loss, rowAlignment } from './loss.ts';

/** Scores held at a time, in bytes. */
const mostScoreBytes = 64 * 2 ** 20;

type Buffers = Readonly<
  Record<'pooled' | 'normal' | 'gradient' | 'lengths' | 'losses' | 'scores', GPUBuffer>
>;

/**
 * MultipleNegativesRankingLoss: cross entropy of each query's scaled cosines with all documents of the batch,
 * its own positive being the right one (Henderson et al., 2017; sentence-transformers' loss of that name).
 */
export class ContrastiveLoss implements Loss {
  readonly #pass: Pass;
  readonly #arena: BufferArena;
  readonly #hidden: number;
  readonly #scale: number;
  readonly #scoreBytes: number;
  #held: Buffers | null = null;
  #size: BatchSize = { queries: 0, documents: 0 };

  /**
   * @param scale of the cosines
   * @param scoreBytes held at a time; only tests give less
   */
  constructor(pass: Pass, hidden: number, scale: number, scoreBytes = mostScoreBytes) {
    // Cosines are products of float32 whatever the encoder's are.
    this.#pass = pass.with({ precision: 'fp32' });
    this.#arena = pass.session.arena();
    this.#hidden = hidden;
    this.#scale = scale;
    this.#scoreBytes = scoreBytes;
  }

  reserve({ queries, documents }: BatchSize): void {
    if (queries === this.#size.queries && documents === this.#size.documents) return;
    this.#arena.clear();
    const rows = documentsFrom(queries) + documents;
    const make = (label: string, floats: number): GPUBuffer => this.#arena.storage(label, 4 * floats);
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

  get gradient(): GPUBuffer {
    return this.#buffers.gradient;
  }

  get losses(): GPUBuffer {
    return this.#buffers.losses;
  }

  get lossCount(): number {
    return this.#size.queries;
  }

  get #buffers(): Buffers {
    if (!this.#held) throw new Error('reserve() comes before any pass.');
    return this.#held;
  }

  #rowsAtOnce(documents: number): number {
    const rows = Math.floor(this.#scoreBytes / (4 * documents));
    return Math.max(rowAlignment, Math.floor(rows / rowAlignment) * rowAlignment);
  }

  record(lossScale = 1): void {
    const pass = this.#pass;
    const { queries, documents } = this.#size;
    const { pooled, normal, gradient, lengths, scores, losses } = this.#buffers;
    const hidden = this.#hidden;
    const from = documentsFrom(queries);
    const all = { rows: from + documents, columns: hidden };
    const rowsOf = (buffer: GPUBuffer, first: number, rows: number): Binding => ({
      buffer,
      offset: 4 * first * hidden,
      size: 4 * rows * hidden,
    });
    normalise(pass, all, { pooled, lengths, normal });
    const answers = rowsOf(normal, from, documents);
    const dAnswers = rowsOf(gradient, from, documents);
    const atOnce = this.#rowsAtOnce(documents);
    for (let first = 0; first < queries; first += atOnce) {
      const rows = Math.min(atOnce, queries - first);
      const asked = rowsOf(normal, first, rows);
      const dAsked = rowsOf(gradient, first, rows);
      matmul(pass, {
        orientation: 'nt',
        shape: { rows, columns: documents, depth: hidden },
        a: asked,
        b: answers,
        c: scores,
        alpha: this.#scale,
      });
      const slope = (lossScale * this.#scale) / queries;
      contrastive(pass, { scores, losses, first, queries: rows, documents, slope });
      matmul(pass, {
        orientation: 'nn',
        shape: { rows, columns: hidden, depth: documents },
        a: scores,
        b: answers,
        c: dAsked,
      });
      matmul(pass, {
        orientation: 'tn',
        shape: { rows: documents, columns: hidden, depth: rows },
        a: scores,
        b: asked,
        c: dAnswers,
        accumulate: first > 0,
      });
    }
    normaliseGradient(pass, all, { gradient, lengths, normal });
  }

  destroy(): void {
    this.#arena.dispose();
    this.#held = null;
    this.#size = { queries: 0, documents: 0 };
  }
}
