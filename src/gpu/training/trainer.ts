import { readBack, settled } from '../buffers.ts';
import { KernelCache } from '../kernels/kernel.ts';
import { Recorder, type Timings } from '../recorder.ts';
import { ContrastiveLoss } from './contrastive.ts';
import { type DeviceScatter, type DeviceTexts, Encoder, type StepDropout } from './encoder.ts';
import { Optimiser, type OptimiserOptions, type StepStats } from './optimiser.ts';
import { type PackedTexts, packTexts, type ScatterPlan, type TokenRow, WordSlots } from './pack.ts';
import { type NamedValues, Parameters } from './parameters.ts';
import type { KernelPlan } from './plan.ts';
import type { EncoderShape } from './shape.ts';
import { StepData } from './stepData.ts';
import { Words } from './words.ts';

export interface TrainerOptions {
  readonly shape: EncoderShape;
  /** By the hub's names, without a model prefix. */
  readonly weights: NamedValues;
  readonly plan: KernelPlan;
  readonly optimiser: OptimiserOptions;
  /** Of the loss. */
  readonly scale: number;
  readonly dropout: number;
  readonly seed: number;
  /** Texts that go forward and back together. */
  readonly miniBatchSize: number;
  /** Bytes of one buffer of the word table; what the device binds unless a test says less. */
  readonly pageBytes?: number;
}

/** Document `q` is the positive of query `q`; any behind those are negatives of all. */
export interface TrainingBatch {
  readonly queries: readonly TokenRow[];
  readonly documents: readonly TokenRow[];
}

/** AdamW's moments, by parameter name. */
export interface OptimiserState {
  readonly mean: NamedValues;
  readonly square: NamedValues;
}

const noSlot = 0xffffffff;

/**
 * Trains a dual encoder on one device. A step is one submission: nothing comes back but what is asked for.
 * Batches of any size fit, by gradient caching (Gao et al., 2021): the batch is embedded mini-batch by
 * mini-batch without keeping activations, the loss gives the gradient at the embeddings, and each
 * mini-batch goes forward once more and back from there, with the same dropout masks.
 */
export class Trainer {
  readonly #device: GPUDevice;
  readonly #options: TrainerOptions;
  readonly #recorder: Recorder;
  readonly #parameters: Parameters;
  readonly #encoder: Encoder;
  readonly #words: Words;
  readonly #loss: ContrastiveLoss;
  readonly #optimiser: Optimiser;
  readonly #data: StepData;
  /** Ids of the last step's words, by slot. */
  #lastIds: readonly number[] = [];

  constructor(device: GPUDevice, options: TrainerOptions) {
    const { shape, plan } = options;
    const kernels = new KernelCache(device);
    this.#device = device;
    this.#options = options;
    this.#recorder = new Recorder(device);
    this.#parameters = new Parameters(device, shape, options.pageBytes);
    this.#encoder = new Encoder(device, kernels, this.#recorder, this.#parameters, plan);
    this.#words = new Words(device, kernels, this.#recorder, this.#parameters);
    this.#loss = new ContrastiveLoss(device, kernels, this.#recorder, plan, shape.hidden);
    this.#optimiser = new Optimiser(device, kernels, this.#recorder, this.#parameters, options.optimiser);
    this.#data = new StepData(device);
    this.#parameters.write('weights', options.weights);
  }

  /** Bytes of weights, gradients and moments on the device. */
  get parameterBytes(): number {
    return this.#parameters.bytes;
  }

  /**
   * One step, submitted and not waited for.
   * @param step counts from 0; with the seed it makes the dropout masks
   */
  step(batch: TrainingBatch, learningRate: number, step: number): void {
    this.#record(batch, learningRate, step);
    this.#recorder.submit();
  }

  /** A step whose time is measured. @returns milliseconds by kernel family; null without timestamps */
  timedStep(batch: TrainingBatch, learningRate: number, step: number): Promise<Timings> | null {
    this.#record(batch, learningRate, step);
    const timed = this.#recorder.submitTimed();
    return timed && settled(this.#device, timed);
  }

  #record({ queries, documents }: TrainingBatch, learningRate: number, step: number): void {
    const { scale, dropout, seed } = this.#options;
    const from = ContrastiveLoss.documentsFrom(queries.length);
    const rows = [...queries, ...documents];
    const places = rows.map((_, index) => (index < queries.length ? index : from + index - queries.length));
    const slots = new WordSlots(rows);
    const parts = this.#parts(rows, places, slots);
    const slotOfRow = new Uint32Array(this.#options.shape.vocabulary).fill(noSlot);
    for (const [slot, id] of slots.ids.entries()) slotOfRow[id] = slot;

    const [ids, rowSlots, ...rest] = this.#data.write([
      Uint32Array.from(slots.ids),
      slotOfRow,
      ...parts.flatMap(arraysOf),
    ]);
    const onDevice = parts.map((packed, index) => deviceTexts(packed, rest.slice(index * 12)));
    this.#encoder.reserve(Math.max(...parts.map(({ tokenCount }) => tokenCount)));
    this.#words.reserve(slots.ids.length);
    this.#loss.reserve(queries.length, documents.length);
    this.#lastIds = slots.ids;

    const masks: StepDropout | null = dropout > 0 ? { rate: dropout, key: stepKey(seed, step) } : null;
    const { rows: words, gradient: wordGradient } = this.#words;
    this.#words.gather(slots.ids, ids!);
    for (const texts of onDevice) this.#encoder.forward(texts, words, this.#loss.pooled, masks);
    this.#loss.record(scale);
    this.#recorder.clear(wordGradient);
    for (const block of this.#parameters.blocks) this.#recorder.clear(block.buffer('gradient'));
    // The last mini-batch's activations are still there.
    for (const [index, texts] of [...onDevice].reverse().entries()) {
      if (index > 0) this.#encoder.forward(texts, words, this.#loss.pooled, masks);
      this.#encoder.backward(texts, this.#loss.gradient, wordGradient, masks);
    }
    this.#optimiser.record({
      step,
      learningRate,
      losses: this.#loss.losses,
      queries: queries.length,
      words: { gradient: wordGradient, count: slots.ids.length, slots: rowSlots! },
    });
  }

  #parts(rows: readonly TokenRow[], places: readonly number[], slots: WordSlots): PackedTexts[] {
    const { miniBatchSize, shape } = this.#options;
    const parts: PackedTexts[] = [];
    for (let at = 0; at < rows.length; at += miniBatchSize) {
      const end = at + miniBatchSize;
      parts.push(packTexts(rows.slice(at, end), places.slice(at, end), slots, shape.positions));
    }
    return parts;
  }

  /** What the given steps came to, once they are done. */
  stats(steps: readonly number[]): Promise<StepStats[]> {
    return this.#optimiser.stats(steps, this.#read);
  }

  /** Mean-pooled vectors without dropout, [rows, hidden]. */
  async embed(rows: readonly TokenRow[]): Promise<Float32Array<ArrayBuffer>> {
    const { hidden } = this.#options.shape;
    const slots = new WordSlots(rows);
    const parts = this.#parts(rows, [...rows.keys()], slots);
    const [ids, ...rest] = this.#data.write([Uint32Array.from(slots.ids), ...parts.flatMap(arraysOf)]);
    this.#encoder.reserve(Math.max(...parts.map(({ tokenCount }) => tokenCount)));
    this.#words.reserve(slots.ids.length);
    const pooled = this.#device.createBuffer({
      label: 'embedded',
      size: 4 * rows.length * hidden,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
    this.#words.gather(slots.ids, ids!);
    for (const [index, packed] of parts.entries()) {
      const texts = deviceTexts(packed, rest.slice(index * 12));
      this.#encoder.forward(texts, this.#words.rows, pooled, null);
    }
    this.#recorder.submit();
    const out = new Float32Array(await readBack(this.#device, pooled));
    pooled.destroy();
    return out;
  }

  /** The last step's pooled vectors, queries then documents, with its dropout: [rows, hidden]. For tests. */
  async pooled(queries: number, documents: number): Promise<Float32Array<ArrayBuffer>> {
    const { hidden } = this.#options.shape;
    const all = new Float32Array(await this.#read(this.#loss.pooled));
    const from = ContrastiveLoss.documentsFrom(queries);
    const out = new Float32Array((queries + documents) * hidden);
    out.set(all.subarray(0, queries * hidden));
    out.set(all.subarray(from * hidden, (from + documents) * hidden), queries * hidden);
    return out;
  }

  /** The last step's gradients before clipping, by parameter name. For tests. */
  async gradients(): Promise<Map<string, Float32Array<ArrayBuffer>>> {
    const { hidden, vocabulary } = this.#options.shape;
    const out = new Map<string, Float32Array<ArrayBuffer>>();
    for (const [name, { data }] of await this.#parameters.readBlocks('gradient', this.#read)) {
      out.set(name, data);
    }
    const touched = new Float32Array(await this.#read(this.#words.gradient));
    const words = new Float32Array(vocabulary * hidden);
    for (const [slot, id] of this.#lastIds.entries()) {
      words.set(touched.subarray(slot * hidden, (slot + 1) * hidden), id * hidden);
    }
    return out.set('embeddings.word_embeddings.weight', words);
  }

  /** All parameters, by the hub's names. */
  weights(): Promise<NamedValues> {
    return this.#parameters.read('weights', this.#read);
  }

  async optimiserState(): Promise<OptimiserState> {
    return {
      mean: await this.#parameters.read('mean', this.#read),
      square: await this.#parameters.read('square', this.#read),
    };
  }

  /** Goes on from a checkpoint: weights and moments as they were. */
  load(weights: NamedValues, { mean, square }: OptimiserState): void {
    this.#parameters.write('weights', weights);
    this.#parameters.write('mean', mean);
    this.#parameters.write('square', square);
  }

  /** Waits for all steps that were submitted. @throws Problem when the device was lost */
  async settle(): Promise<void> {
    await settled(this.#device, this.#device.queue.onSubmittedWorkDone());
  }

  readonly #read = (buffer: GPUBuffer): Promise<ArrayBuffer> => readBack(this.#device, buffer);

  destroy(): void {
    for (const part of [
      this.#parameters,
      this.#encoder,
      this.#words,
      this.#loss,
      this.#optimiser,
      this.#data,
    ])
      part.destroy();
    this.#recorder.dispose();
  }
}

function arraysOf({ tokens, texts, words, tables }: PackedTexts): Uint32Array[] {
  return [tokens, texts, ...scatterArrays(words), ...scatterArrays(tables)];
}

function scatterArrays({ order, direct, partial, finalOrder, final }: ScatterPlan): Uint32Array[] {
  return [order, direct, partial, finalOrder, final];
}

type Bindings = ReturnType<StepData['write']>;

function deviceTexts(packed: PackedTexts, bindings: Bindings): DeviceTexts {
  const [tokens, texts] = bindings as [Bindings[number], Bindings[number]];
  const scatter = (from: number): DeviceScatter => {
    const [order, direct, partial, finalOrder, final] = bindings.slice(from);
    return [order!, direct!, partial!, finalOrder!, final!];
  };
  const { tokenCount, textCount } = packed;
  return { packed, tokens, texts, tokenCount, textCount, words: scatter(2), tables: scatter(7) };
}

/** A step's part of the dropout counters: the finaliser of MurmurHash3 over seed and step. */
function stepKey(seed: number, step: number): number {
  let h = (seed ^ Math.imul(step + 1, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
