import { contrastive } from '../../kernels/contrastive/contrastive.ts';
import { matmul } from '../../kernels/matmul/matmul.ts';
import { normalise, normaliseGradient } from '../../kernels/pooling/pooling.ts';
import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { type BatchSize, documentsFrom, rowAlignment } from './loss.ts';
import { PooledLoss } from './pooledLoss.ts';

/** Scores held at a time, in bytes. */
const mostScoreBytes = 64 * 2 ** 20;

/**
 * MultipleNegativesRankingLoss: cross entropy of each query's scaled cosines with all documents of the batch,
 * its own positive being the right one (Henderson et al., 2017; sentence-transformers' loss of that name).
 */
export class ContrastiveLoss extends PooledLoss<'normal' | 'lengths' | 'scores'> {
  readonly #scale: number;
  readonly #scoreBytes: number;

  /**
   * @param scale of the cosines
   * @param scoreBytes held at a time; only tests give less
   */
  constructor(pass: Pass, hidden: number, scale: number, scoreBytes = mostScoreBytes) {
    // Cosines are products of float32 whatever the encoder's are.
    super(pass.with({ precision: 'fp32' }), hidden);
    this.#scale = scale;
    this.#scoreBytes = scoreBytes;
  }

  reserve({ queries, documents }: BatchSize): void {
    this.held.reserve({ queries, documents });
  }

  protected words({ queries, documents }: BatchSize) {
    const rows = documentsFrom(queries) + documents;
    return {
      pooled: ['pooled', rows * this.hidden],
      normal: ['normalised', rows * this.hidden],
      gradient: ['gradient of the pooled', rows * this.hidden],
      lengths: ['lengths', rows],
      losses: ['losses', queries],
      scores: ['scores', Math.min(queries, this.#rowsAtOnce(documents)) * documents],
    } as const;
  }

  #rowsAtOnce(documents: number): number {
    const rows = Math.floor(this.#scoreBytes / (4 * documents));
    return Math.max(rowAlignment, Math.floor(rows / rowAlignment) * rowAlignment);
  }

  record(lossScale = 1): void {
    const { pass, hidden } = this;
    const { queries, documents } = this.held.size;
    const { pooled, normal, gradient, lengths, scores, losses } = this.held.buffers;
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
}
