import { embeddingWidth } from '../../base/bertShape.ts';
import type { BufferArena } from '../buffers.ts';
import { gatherRows } from '../kernels/embedding/embedding.ts';
import type { Pass } from '../pass.ts';
import type { Binding } from '../recorder.ts';
import type { Parameters } from './parameters.ts';

/** The rows of the word table that a batch touches, brought together, and their gradient. */
export class Words {
  readonly #pass: Pass;
  readonly #arena: BufferArena;
  readonly #parameters: Parameters;
  #held: Readonly<Record<'rows' | 'gradient', GPUBuffer>> | null = null;
  #capacity = 0;

  constructor(pass: Pass, parameters: Parameters) {
    this.#pass = pass;
    this.#arena = pass.session.arena();
    this.#parameters = parameters;
  }

  /** Makes room for a batch with so many distinct words. */
  reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    this.#arena.clear();
    this.#capacity = Math.min(this.#parameters.shape.vocabulary, 2 ** Math.ceil(Math.log2(slots)));
    const bytes = 4 * this.#capacity * embeddingWidth(this.#parameters.shape);
    this.#held = {
      rows: this.#arena.storage('words of the batch', bytes),
      gradient: this.#arena.storage('gradient of the words', bytes),
    };
  }

  get #buffers(): Readonly<Record<'rows' | 'gradient', GPUBuffer>> {
    if (!this.#held) throw new Error('reserve() comes before any pass.');
    return this.#held;
  }

  /** (slots, E) */
  get rows(): GPUBuffer {
    return this.#buffers.rows;
  }

  /** (slots, E) */
  get gradient(): GPUBuffer {
    return this.#buffers.gradient;
  }

  /** Brings the rows together. @param ids of each slot its row of the table, ascending */
  gather(ids: readonly number[], onDevice: Binding): void {
    for (const { firstRow, rows, buffers } of this.#parameters.pages) {
      const first = lowerBound(ids, firstRow);
      const count = lowerBound(ids, firstRow + rows) - first;
      if (count === 0) continue;
      gatherRows(this.#pass, embeddingWidth(this.#parameters.shape), {
        ids: onDevice,
        table: buffers.weights,
        firstRow,
        words: this.rows,
        first,
        count,
      });
    }
  }

  destroy(): void {
    this.#arena.dispose();
  }
}

/** The first index whose value is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
