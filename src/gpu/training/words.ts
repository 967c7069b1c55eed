import { storageBuffer } from '../buffers.ts';
import { gatherRows } from '../kernels/embedding.ts';
import type { KernelCache } from '../kernels/kernel.ts';
import type { Binding, Recorder } from '../recorder.ts';
import type { Parameters } from './parameters.ts';

/** The rows of the word table that a batch touches, brought together, and their gradient. */
export class Words {
  readonly #device: GPUDevice;
  readonly #kernels: KernelCache;
  readonly #recorder: Recorder;
  readonly #parameters: Parameters;
  #rows: GPUBuffer | null = null;
  #gradient: GPUBuffer | null = null;
  #capacity = 0;

  constructor(device: GPUDevice, kernels: KernelCache, recorder: Recorder, parameters: Parameters) {
    this.#device = device;
    this.#kernels = kernels;
    this.#recorder = recorder;
    this.#parameters = parameters;
  }

  /** Makes room for a batch with so many distinct words. */
  reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    this.destroy();
    this.#capacity = Math.min(this.#parameters.shape.vocabulary, 2 ** Math.ceil(Math.log2(slots)));
    const bytes = 4 * this.#capacity * this.#parameters.shape.hidden;
    this.#rows = storageBuffer(this.#device, 'words of the batch', bytes);
    this.#gradient = storageBuffer(this.#device, 'gradient of the words', bytes);
  }

  /** [slots, hidden] */
  get rows(): GPUBuffer {
    return kept(this.#rows);
  }

  /** [slots, hidden] */
  get gradient(): GPUBuffer {
    return kept(this.#gradient);
  }

  /** Brings the rows together. @param ids of each slot its row of the table, ascending */
  gather(ids: readonly number[], onDevice: Binding): void {
    for (const { firstRow, rows, buffers } of this.#parameters.pages) {
      const first = lowerBound(ids, firstRow);
      const count = lowerBound(ids, firstRow + rows) - first;
      if (count === 0) continue;
      const page = { table: buffers.weights, firstRow };
      const { hidden } = this.#parameters.shape;
      gatherRows(this.#recorder, this.#kernels, hidden, onDevice, page, this.rows, { first, count });
    }
  }

  destroy(): void {
    this.#rows?.destroy();
    this.#gradient?.destroy();
    this.#capacity = 0;
  }
}

function kept(buffer: GPUBuffer | null): GPUBuffer {
  if (!buffer) throw new Error('reserve() comes before any pass.');
  return buffer;
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
