import { addLosses, layerDivergence } from '../../kernels/distillation/distillation.ts';
import type { Pass } from '../../pass.ts';
import { HeldBuffers } from './heldBuffers.ts';
import { type BatchSize, documentsFrom, type Loss, type TeacherValues } from './loss.ts';

/** Of the divergence from the last layer. */
const temperature = 0.3;

/**
 * A loss at every layer of one encoder, so that each depth of it is a model:
 *   loss = loss_L + 1/L sum over k < L of loss_k + T sum over k < L of KL_k
 * where layer 0 is the embedding layer's output, and KL_k is the mean over texts of the divergence of softmax(y_k / T)
 * from softmax(y_L / T), T = 0.3, of the pooled vectors y, the last layer's taking no gradient from it (Li et al., 2024,
 * arXiv:2402.14776). Weights are the defaults of AdaptiveLayerLoss in sentence-transformers 5.7.0, `uniform` among
 * layers, where versions before weighted layer k by 1 / (1 + k); all layers take part in every step, which is its
 * `n_layers_per_step=-1`.
 */
export class AdaptiveLayerLoss implements Loss {
  readonly #pass: Pass;
  readonly #hidden: number;
  readonly #last: Loss;
  readonly below: readonly Loss[];
  readonly #held: HeldBuffers<'losses' | 'divergences', BatchSize>;

  /**
   * @param layersBelow layers below the last, the embedding layer among them
   * @param make a layer's own loss
   */
  constructor(pass: Pass, hidden: number, layersBelow: number, make: () => Loss) {
    this.#pass = pass;
    this.#hidden = hidden;
    this.#last = make();
    this.below = Array.from({ length: layersBelow }, make);
    this.#held = new HeldBuffers(pass.session, ({ queries, documents }) => ({
      losses: ['losses of all layers', this.lossCount],
      divergences: ['divergences', queries + documents],
    }));
  }

  reserve(size: BatchSize, teacher?: TeacherValues): void {
    for (const loss of [this.#last, ...this.below]) loss.reserve(size, teacher);
    this.#held.reserve(size);
  }

  get pooled(): GPUBuffer {
    return this.#last.pooled;
  }

  get gradient(): GPUBuffer {
    return this.#last.gradient;
  }

  get losses(): GPUBuffer {
    return this.#held.buffers.losses;
  }

  get lossCount(): number {
    return this.#last.lossCount;
  }

  record(lossScale: number): void {
    const { losses: sums, divergences } = this.#held.buffers;
    const { queries, documents } = this.#held.size;
    const texts = queries + documents;
    const n = this.lossCount;
    const weight = 1 / this.below.length;
    this.#last.record(lossScale);
    addLosses(this.#pass, { losses: this.#last.losses, sums }, { n, count: n, weight: 1, isFirst: true });
    for (const layer of this.below) {
      layer.record(lossScale * weight);
      addLosses(this.#pass, { losses: layer.losses, sums }, { n, count: n, weight, isFirst: false });
      layerDivergence(this.#pass, {
        last: this.#last.pooled,
        pooled: layer.pooled,
        gradient: layer.gradient,
        losses: divergences,
        queries,
        documents,
        firstDocument: documentsFrom(queries),
        columns: this.#hidden,
        temperature,
        // Of T KL the gradient is (r - p), the temperature going out.
        slope: lossScale / texts,
      });
      const share = (temperature * n) / texts;
      const given = { n, count: texts, weight: share, isFirst: false };
      addLosses(this.#pass, { losses: divergences, sums }, given);
    }
  }

  destroy(): void {
    for (const loss of [this.#last, ...this.below]) loss.destroy();
    this.#held.destroy();
  }
}
