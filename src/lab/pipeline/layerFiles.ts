import type { EmbeddedBlock } from '../embed/embedTexts.ts';
import { npyHeader } from '../formats/npy.ts';
import type { RunEvent } from './events.ts';

type Artefact = Extract<RunEvent, { type: 'artefact' }>;

/**
 * Writes `layer-K.queries.npy` and `layer-K.corpus.npy`, float32 with rows in file order. Documents may
 * run ahead (a repeated text comes with its first); what does waits here until its turn.
 */
export class LayerFiles {
  readonly #folder: string;
  readonly #layers: readonly number[];
  readonly #size: number;
  readonly #ahead = new Map<number, Float32Array>();
  #next = 0;

  constructor(folder: string, layers: readonly number[], size: number) {
    this.#folder = folder;
    this.#layers = layers;
    this.#size = size;
  }

  /** @param vectors [rows, layers, size] */
  *queries(vectors: Float32Array<ArrayBuffer>, rows: number): Generator<Artefact> {
    for (const [index, layer] of this.#layers.entries()) {
      const path = `${this.#folder}/layer-${layer}.queries.npy`;
      yield { type: 'artefact', path, append: false, bytes: npyHeader([rows, this.#size]) };
      const part = new Float32Array(rows * this.#size);
      for (let row = 0; row < rows; row++) {
        const from = (row * this.#layers.length + index) * this.#size;
        part.set(vectors.subarray(from, from + this.#size), row * this.#size);
      }
      yield { type: 'artefact', path, append: true, bytes: new Uint8Array(part.buffer) };
    }
  }

  /** @param total documents of the collection */
  *documents(block: EmbeddedBlock, total: number): Generator<Artefact> {
    const count = block.rows.length;
    const size = this.#size;
    const layers = this.#layers.length;
    if (this.#next === 0) {
      for (const layer of this.#layers) {
        yield { type: 'artefact', path: this.#path(layer), append: false, bytes: npyHeader([total, size]) };
      }
    }
    for (let i = 0; i < count; i++) {
      const vector = block.vectors.subarray(i * layers * size, (i + 1) * layers * size);
      this.#ahead.set(block.rows[i]!, vector);
    }
    const ready: Float32Array[] = [];
    for (let vector = this.#ahead.get(this.#next); vector; vector = this.#ahead.get(this.#next)) {
      ready.push(vector);
      this.#ahead.delete(this.#next++);
    }
    if (ready.length === 0) return;
    for (const [index, layer] of this.#layers.entries()) {
      const part = new Float32Array(ready.length * size);
      for (const [i, vector] of ready.entries()) {
        part.set(vector.subarray(index * size, (index + 1) * size), i * size);
      }
      yield { type: 'artefact', path: this.#path(layer), append: true, bytes: new Uint8Array(part.buffer) };
    }
  }

  #path(layer: number): string {
    return `${this.#folder}/layer-${layer}.corpus.npy`;
  }
}
