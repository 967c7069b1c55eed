import type { EncoderShape } from '../../base/bertShape.ts';
import { UserError } from '../../base/userError.ts';
import { bindingLimit, lostProblem, readBack, settled, storageBuffer } from '../buffers.ts';
import { KernelCache } from '../kernels/kernel.ts';
import { Recorder, type Timings } from '../recorder.ts';
import { ContrastiveLoss } from './contrastive.ts';
import { type DeviceScatter, type DeviceTexts, Encoder, type StepDropout } from './encoder.ts';
import { Optimiser, type OptimiserOptions, type StepStats, statsKept } from './optimiser.ts';
import { type PackedTexts, packTexts, type ScatterPlan, type TokenRow, WordSlots } from './pack.ts';
import { type NamedValues, Parameters } from './parameters.ts';
import type { KernelPlan } from './plan.ts';
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
  /** Texts that go forward and back together, at most; fewer where their tokens would not fit. */
  readonly miniBatchSize: number;
  /** Tokens of a mini-batch, at most; as many as the device binds unless told less. */
  readonly miniBatchTokens?: number;
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
 * Gradients that are rounded to float16 are enlarged by so much, a power of two, and the optimiser takes it out
 * again: below 6e-5 float16 has fewer digits, below 6e-8 none (Micikevicius et al., 2018).
 */
const halfEnlarged = 2 ** 10;
/** Texts that are embedded in one submission. */
const textsAtOnce = 512;

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
  readonly #mostTokens: number;
  /** Settles when the device is lost, with what to tell the user. */
  readonly lost: Promise<UserError>;
  /** Ids of the last step's words, by slot. */
  #lastIds: readonly number[] = [];
  #lastStep = -1;
  #fault: Error | null = null;

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
    this.#mostTokens = Math.min(
      options.miniBatchTokens ?? Number.POSITIVE_INFINITY,
      tokenLimit(device, shape),
    );
    this.lost = device.lost.then(lostProblem);
    device.addEventListener('uncapturederror', this.#onFault);
    this.#parameters.write('weights', options.weights);
  }

  // A submission with a fault does nothing, silently: without this the last losses would be read again.
  readonly #onFault = ({ error }: GPUUncapturedErrorEvent): void => {
    this.#fault ??=
      error instanceof GPUOutOfMemoryError
        ? new UserError('The GPU has no memory left for this; take a smaller miniBatchSize, or fewer layers.')
        : new Error(error.message);
  };

  #throwFault(): void {
    if (this.#fault) throw this.#fault;
  }

  /** Bytes of weights, gradients and moments on the device. */
  get parameterBytes(): number {
    return this.#parameters.bytes;
  }

  /**
   * One step, submitted and not waited for.
   * @param step counts from 0; with the seed it makes the dropout masks
   * @throws UserError when a text is too long or has an id beyond the vocabulary; what the device itself
   *   objects to is thrown by the next call
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
    this.#throwFault();
    if (queries.length === 0 || documents.length < queries.length) {
      throw new Error(`${queries.length} queries need a document each; there are ${documents.length}.`);
    }
    const from = ContrastiveLoss.documentsFrom(queries.length);
    const rows = [...queries, ...documents];
    this.#check(rows);
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
    const onDevice = parts.map((packed, index) => deviceTexts(packed, rest.slice(index * arraysAPart)));
    this.#encoder.reserve(Math.max(...parts.map(({ tokenCount }) => tokenCount)));
    this.#words.reserve(slots.ids.length);
    this.#loss.reserve(queries.length, documents.length);
    this.#lastIds = slots.ids;
    this.#lastStep = step;

    const masks: StepDropout | null = dropout > 0 ? { rate: dropout, key: stepKey(seed, step) } : null;
    const { rows: words, gradient: wordGradient } = this.#words;
    this.#words.gather(slots.ids, ids!);
    for (const texts of onDevice) this.#encoder.forward(texts, words, this.#loss.pooled, masks);
    this.#loss.record(scale, this.#enlarged);
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
      enlarged: this.#enlarged,
    });
  }

  get #enlarged(): number {
    return this.#options.plan.precision === 'fp16' ? halfEnlarged : 1;
  }

  #check(rows: readonly TokenRow[]): void {
    const { positions, vocabulary } = this.#options.shape;
    for (const row of rows) {
      if (row.length > positions || row.length > this.#mostTokens) {
        const most = Math.min(positions, this.#mostTokens);
        throw new UserError(
          `A text has ${row.length} tokens, but ${most} fit; set maxLength to that or less.`,
        );
      }
      if (row.length === 0) throw new UserError('A text has no tokens; take empty texts out.');
      const foreign = row.find((id) => id < 0 || id >= vocabulary);
      if (foreign !== undefined) {
        throw new UserError(
          `Token ${foreign} is not among the model's ${vocabulary}; take the tokenizer that belongs to the model.`,
        );
      }
    }
  }

  /** Cuts texts into mini-batches, in their order. */
  #parts(rows: readonly TokenRow[], places: readonly number[], slots: WordSlots): PackedTexts[] {
    const { miniBatchSize, shape } = this.#options;
    const parts: PackedTexts[] = [];
    for (let at = 0; at < rows.length; ) {
      let end = at;
      let tokens = 0;
      while (end < rows.length && end - at < miniBatchSize) {
        tokens += rows[end]!.length;
        if (tokens > this.#mostTokens) break;
        end++;
      }
      parts.push(packTexts(rows.slice(at, end), places.slice(at, end), slots, shape.positions));
      at = end;
    }
    return parts;
  }

  /**
   * What the given steps came to, once they are done: at most the last {@link statsKept}. A step whose loss
   * or gradient was not finite changed no weight; see {@link requireFinite}.
   * @throws UserError when the device was lost or has no memory left
   */
  async stats(steps: readonly number[]): Promise<StepStats[]> {
    const gone = steps.find((step) => step > this.#lastStep || step <= this.#lastStep - statsKept);
    if (gone !== undefined) throw new Error(`Step ${gone} is not kept; the last was ${this.#lastStep}.`);
    const stats = await this.#optimiser.stats(steps, this.#read);
    this.#throwFault();
    return stats;
  }

  /** Mean-pooled vectors without dropout, [rows, hidden], in float32 throughout. Any number of texts. */
  async embed(rows: readonly TokenRow[]): Promise<Float32Array<ArrayBuffer>> {
    const { hidden } = this.#options.shape;
    const out = new Float32Array(rows.length * hidden);
    for (let at = 0; at < rows.length; at += textsAtOnce) {
      out.set(await this.#embedSome(rows.slice(at, at + textsAtOnce)), at * hidden);
    }
    this.#throwFault();
    return out;
  }

  async #embedSome(rows: readonly TokenRow[]): Promise<Float32Array<ArrayBuffer>> {
    this.#throwFault();
    this.#check(rows);
    const slots = new WordSlots(rows);
    const parts = this.#parts(rows, [...rows.keys()], slots);
    const [ids, ...rest] = this.#data.write([Uint32Array.from(slots.ids), ...parts.flatMap(arraysOf)]);
    this.#encoder.reserve(Math.max(...parts.map(({ tokenCount }) => tokenCount)));
    this.#words.reserve(slots.ids.length);
    const pooled = storageBuffer(this.#device, 'embedded', 4 * rows.length * this.#options.shape.hidden);
    try {
      this.#words.gather(slots.ids, ids!);
      for (const [index, packed] of parts.entries()) {
        const texts = deviceTexts(packed, rest.slice(index * arraysAPart));
        this.#encoder.forward(texts, this.#words.rows, pooled, null, 'fp32');
      }
      this.#recorder.submit();
      return new Float32Array(await readBack(this.#device, pooled));
    } finally {
      pooled.destroy();
    }
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
      out.set(
        name,
        data.map((value) => value / this.#enlarged),
      );
    }
    const touched = new Float32Array(await this.#read(this.#words.gradient));
    const words = new Float32Array(vocabulary * hidden);
    for (const [slot, id] of this.#lastIds.entries()) {
      const row = touched.subarray(slot * hidden, (slot + 1) * hidden);
      words.set(
        row.map((value) => value / this.#enlarged),
        id * hidden,
      );
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

  /** Waits for all steps that were submitted. @throws UserError when the device was lost or has no memory left */
  async settle(): Promise<void> {
    await settled(this.#device, this.#device.queue.onSubmittedWorkDone());
    this.#throwFault();
  }

  readonly #read = (buffer: GPUBuffer): Promise<ArrayBuffer> => readBack(this.#device, buffer);

  destroy(): void {
    this.#device.removeEventListener('uncapturederror', this.#onFault);
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

/** Tokens of which no activation takes more than the device binds. */
function tokenLimit(device: GPUDevice, { hidden, intermediate }: EncoderShape): number {
  return Math.floor(bindingLimit(device) / (4 * Math.max(3 * hidden, intermediate)));
}

/**
 * A trainer whose buffers are there: where memory is short it is this that fails, not a later step.
 * @throws UserError when the device has too little memory, or was lost
 */
export async function createTrainer(device: GPUDevice, options: TrainerOptions): Promise<Trainer> {
  device.pushErrorScope('out-of-memory');
  const trainer = new Trainer(device, options);
  const shortage = await settled(device, device.popErrorScope());
  if (!shortage) return trainer;
  trainer.destroy();
  const needed = Math.ceil(trainer.parameterBytes / 2 ** 20);
  throw new UserError(`The GPU has no ${needed} MiB for the weights and their moments; train fewer layers.`);
}

/** @throws UserError naming the first of the steps whose loss or gradient was not finite */
export function requireFinite(steps: readonly number[], stats: readonly StepStats[]): void {
  const at = stats.findIndex(({ taken }) => !taken);
  if (at < 0) return;
  const { loss, gradNorm } = stats[at]!;
  throw new UserError(
    `Training stopped at step ${steps[at]}: its loss is ${loss} and its gradient's norm ${gradNorm}; take a lower learning rate.`,
  );
}

/** Arrays that {@link arraysOf} makes of a part. */
const arraysAPart = 12;

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
  const { tokenCount, textCount, longest } = packed;
  return { packed, tokens, texts, tokenCount, textCount, longest, words: scatter(2), tables: scatter(7) };
}

/** A step's part of the dropout counters: the finaliser of MurmurHash3 over seed and step. */
function stepKey(seed: number, step: number): number {
  let h = (seed ^ Math.imul(step + 1, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
