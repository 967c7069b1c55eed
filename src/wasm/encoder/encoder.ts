import { type EncoderShape, isProjected, trainedActivations } from '../../base/bertShape.ts';
import { hearMessages } from '../../base/yielding.ts';
import { type Build, compileKernels, type Kernels, startKernels } from '../kernels.ts';
import { growTo, pagesFor } from '../region.ts';
import { placeBatch, type Texts } from './batch.ts';
import type { Model } from './forward.ts';
import { runTasks } from './runTasks.ts';
import { Threads } from './threads.ts';
import { type Parameters, packingBytes, placeWeights, writeWeights } from './weights.ts';

/** Pages of a memory of 4 GB, the most of WebAssembly with pointers of 32 bits. */
const mostPages = 65_536;

export interface EncoderOptions {
  readonly shape: EncoderShape;
  readonly parameters: Parameters;
  /** Layers that are asked for, ascending; what lies behind the last is not run. */
  readonly layers: readonly number[];
  /** Workers beside this one; with 1, it runs here. */
  readonly threads: number;
  /** The faster one that the engine runs, where nothing is said. */
  readonly build?: Build;
}

/**
 * Whether the kernels run an encoder of a shape: its sizes are multiples of 8, its embeddings are not projected, its
 * activation is GELU.
 */
export function isRunnable(shape: EncoderShape): boolean {
  const { hidden, intermediate, activation = 'gelu', types } = shape;
  const fitting = hidden % 8 === 0 && intermediate % 8 === 0 && types > 0;
  return fitting && !isProjected(shape) && trainedActivations.includes(activation);
}

/** BERT on the processor, by the kernels beside: every asked layer's states, pooled, of one batch at a time. */
export class Encoder {
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #model: Model;
  readonly #threads: Threads | null;

  private constructor(kernels: Kernels, memory: WebAssembly.Memory, model: Model, threads: Threads | null) {
    this.#kernels = kernels;
    this.#memory = memory;
    this.#model = model;
    this.#threads = threads;
  }

  /** @throws RangeError where there is no memory for it */
  static async open({ shape, parameters, layers, threads, build }: EncoderOptions): Promise<Encoder> {
    if (!isRunnable(shape)) throw new Error('The kernels do not run encoders of this shape.');
    const places = placeWeights(shape, layers.at(-1) ?? 0);
    const memory = new WebAssembly.Memory({
      initial: pagesFor(places.end + packingBytes(shape)),
      maximum: mostPages,
      shared: true,
    });
    const module = await compileKernels(build);
    const kernels = await startKernels(module, memory);
    writeWeights(kernels, memory, { shape, places, parameters });
    const model = { shape, places, layers };
    if (threads <= 1) return new Encoder(kernels, memory, model, null);
    const pool = new Threads(threads);
    await pool.start({ module, memory, model });
    return new Encoder(kernels, memory, model, pool);
  }

  /** @returns (texts, layers, hidden). @throws RangeError where there is no memory for so much */
  async pooled(texts: Texts): Promise<Float32Array<ArrayBuffer>> {
    const { shape, places, layers } = this.#model;
    const batch = placeBatch(this.#kernels, shape, texts, {
      start: places.end,
      threads: this.#threads?.count ?? 1,
      layers: layers.length,
    });
    growTo(this.#memory, batch.end);
    const { buffer } = this.#memory;
    new Int32Array(buffer, batch.ids, texts.ids.length).set(texts.ids);
    new Float32Array(buffer, batch.weights, texts.weights.length).set(texts.weights);
    Atomics.store(new Int32Array(buffer, places.counter, 1), 0, 0);
    if (this.#threads) await this.#threads.run(batch);
    else {
      for (const _done of runTasks(this.#kernels, this.#memory, this.#model, batch, 0)) await hearMessages();
    }
    const count = texts.lengths.length * layers.length * shape.hidden;
    return new Float32Array(new Float32Array(buffer, batch.pooled, count));
  }

  dispose(): void {
    this.#threads?.end();
  }
}
