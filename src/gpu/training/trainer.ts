import { type EncoderShape, embeddingWidth, mostTokens } from '../../base/bertShape.ts';
import { UserError } from '../../base/userError.ts';
import { bindingLimit, settled } from '../buffers.ts';
import type { DeviceSession } from '../deviceSession.ts';
import type { LaunchConfiguration } from '../launchConfiguration.ts';
import { Pass } from '../pass.ts';
import type { Timings } from '../recorder.ts';
import { type DeviceTexts, Encoder, type StepDropout } from './encoder.ts';
import { createLoss, type LossName } from './losses/createLoss.ts';
import { documentsFrom, type Loss, type TeacherValues } from './losses/loss.ts';
import { Optimiser, type OptimiserOptions, type StepStats, statsKept } from './optimiser.ts';
import { type PackedTexts, packTexts, type TokenRow, WordSlots } from './pack.ts';
import { type NamedValues, Parameters } from './parameters.ts';
import { type Bound, StepData } from './stepData.ts';
import { Words } from './words.ts';

export interface TrainerOptions {
  readonly shape: EncoderShape;
  /** By the hub's names, without a model prefix. */
  readonly weights: NamedValues;
  readonly configuration: LaunchConfiguration;
  readonly optimiser: OptimiserOptions;
  /** MultipleNegativesRankingLoss unless told otherwise. */
  readonly loss?: LossName;
  /** Of the loss's cosines. */
  readonly scale: number;
  /** Of `kl`; 1 unless told otherwise. */
  readonly temperature?: number;
  /** Whether every layer has the loss, not the last alone. */
  readonly adaptiveLayers?: boolean;
  readonly dropout: number;
  readonly seed: number;
  /** Texts that go forward and back together, at most; fewer where their tokens would not fit. */
  readonly miniBatchSize: number;
  /** Tokens of a mini-batch, at most; as many as the device binds unless told less. */
  readonly miniBatchTokens?: number;
  /** Bytes of one buffer of the word table; what the device binds unless a test says less. */
  readonly pageBytes?: number;
}

/** Document `q` is the positive of query `q`; behind those are negatives, by `mnrl` of all queries. */
export interface TrainingBatch {
  readonly queries: readonly TokenRow[];
  readonly documents: readonly TokenRow[];
  /** Of every loss but `mnrl`. */
  readonly teacher?: TeacherValues;
}

/** AdamW's moments, by parameter name. */
export interface OptimiserState {
  readonly mean: NamedValues;
  readonly square: NamedValues;
}

/**
 * Loss scale of gradients that are rounded to float16, a power of two, which the optimiser takes out again: below
 * 6e-5 float16 has fewer digits, below 6e-8 none (Micikevicius et al., 2018).
 */
const fp16LossScale = 2 ** 10;
/** Texts that are embedded in one submission. */
const textsAtOnce = 512;

/**
 * Trains a dual encoder on one device. A step is one submission: nothing comes back but what is asked for.
 * Batches of any size fit, by gradient caching (Gao et al., 2021): the batch is embedded mini-batch by
 * mini-batch without keeping activations, the loss gives the gradient at the embeddings, and each
 * mini-batch goes forward once more and back from there, with the same dropout masks.
 */
export class Trainer {
  readonly #session: DeviceSession;
  readonly #options: TrainerOptions;
  readonly #pass: Pass;
  readonly #parameters: Parameters;
  readonly #encoder: Encoder;
  readonly #words: Words;
  readonly #loss: Loss;
  readonly #optimiser: Optimiser;
  readonly #data: StepData;
  readonly #mostTokens: number;
  readonly #lossScale: number;
  /** Ids of the last step's words, by slot. */
  #lastIds: readonly number[] = [];
  #lastStep = -1;

  constructor(session: DeviceSession, options: TrainerOptions) {
    const { shape, configuration } = options;
    this.#session = session;
    this.#options = options;
    const pass = new Pass(session, configuration);
    this.#pass = pass;
    this.#parameters = new Parameters(session, shape, options.pageBytes);
    this.#encoder = new Encoder(pass, this.#parameters);
    this.#words = new Words(pass, this.#parameters);
    const { loss = 'mnrl', scale, temperature = 1, adaptiveLayers } = options;
    const layersBelow = adaptiveLayers ? shape.layers : 0;
    this.#loss = createLoss(pass, shape.hidden, { loss, scale, temperature, layersBelow });
    this.#optimiser = new Optimiser(pass, this.#parameters, options.optimiser);
    this.#data = new StepData(session);
    this.#mostTokens = Math.min(
      options.miniBatchTokens ?? Number.POSITIVE_INFINITY,
      tokenLimit(session.device, shape),
    );
    this.#lossScale = configuration.precision === 'fp16' ? fp16LossScale : 1;
    this.#parameters.write('weights', options.weights);
  }

  /** Settles when the device is lost, with what to tell the user. */
  get lost(): Promise<UserError> {
    return this.#session.lost;
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
    this.#pass.submit();
  }

  /** A step whose time is measured. @returns milliseconds by kernel family; null without timestamps */
  timedStep(batch: TrainingBatch, learningRate: number, step: number): Promise<Timings> | null {
    this.#record(batch, learningRate, step);
    const timed = this.#pass.submitTimed();
    return timed && settled(this.#session.device, timed);
  }

  #record({ queries, documents, teacher }: TrainingBatch, learningRate: number, step: number): void {
    const { dropout, seed } = this.#options;
    this.#session.throwFault();
    if (queries.length === 0 || documents.length < queries.length) {
      throw new Error(`${queries.length} queries need a document each; there are ${documents.length}.`);
    }
    const from = documentsFrom(queries.length);
    const rows = [...queries, ...documents];
    const places = rows.map((_, index) => (index < queries.length ? index : from + index - queries.length));
    const { slots, miniBatches, ids, slotOfRow } = this.#put(rows, places);
    this.#loss.reserve({ queries: queries.length, documents: documents.length }, teacher);
    this.#lastIds = slots.ids;
    this.#lastStep = step;

    const masks: StepDropout | null = dropout > 0 ? { rate: dropout, key: stepKey(seed, step) } : null;
    const { pooled, gradient: pooledGradient, losses, below } = this.#loss;
    const pooledBelow = below?.map((one) => one.pooled);
    const pooledGradientBelow = below?.map((one) => one.gradient);
    const { rows: words, gradient: wordGradient } = this.#words;
    this.#words.gather(slots.ids, ids);
    const forward = { words, pooled, pooledBelow };
    for (const texts of miniBatches) this.#encoder.forward(texts, forward, masks);
    this.#loss.record(this.#lossScale);
    this.#pass.clear(wordGradient);
    for (const block of this.#parameters.blocks) this.#pass.clear(block.buffer('gradient'));
    // The last mini-batch's activations are still there.
    for (const [index, texts] of [...miniBatches].reverse().entries()) {
      if (index > 0) this.#encoder.forward(texts, forward, masks);
      this.#encoder.backward(texts, { pooledGradient, pooledGradientBelow, wordGradient }, masks);
    }
    this.#optimiser.record({
      step,
      learningRate,
      losses,
      queries: this.#loss.lossCount,
      words: { gradient: wordGradient, count: slots.ids.length, slots: slotOfRow },
      lossScale: this.#lossScale,
    });
  }

  /**
   * Puts texts on the device, cut into mini-batches, and makes room for their passes.
   * @param places of each text its row of the batch's pooled vectors
   */
  #put(rows: readonly TokenRow[], places: readonly number[]) {
    this.#check(rows);
    const slots = new WordSlots(rows);
    const parts = this.#parts(rows, places, slots);
    const written = this.#data.write({
      ids: Uint32Array.from(slots.ids),
      slotOfRow: slots.ofRows(this.#options.shape.vocabulary),
      parts: parts.map(({ tokens, texts, words, tables }) => ({ tokens, texts, words, tables })),
    });
    this.#encoder.reserve(Math.max(...parts.map(({ tokenCount }) => tokenCount)));
    this.#words.reserve(slots.ids.length);
    const miniBatches = parts.map((packed, index) => deviceTexts(packed, written.parts[index]!));
    return { slots, miniBatches, ids: written.ids, slotOfRow: written.slotOfRow };
  }

  #check(rows: readonly TokenRow[]): void {
    const { shape } = this.#options;
    const { vocabulary } = shape;
    const most = Math.min(mostTokens(shape), this.#mostTokens);
    for (const row of rows) {
      if (row.length > most) {
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
      parts.push(packTexts(rows.slice(at, end), places.slice(at, end), slots, shape));
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
    return await this.#optimiser.stats(steps);
  }

  /** Mean-pooled vectors (N, C) without dropout, in float32 throughout. Any number of texts. */
  async embed(rows: readonly TokenRow[]): Promise<Float32Array<ArrayBuffer>> {
    const { hidden } = this.#options.shape;
    const out = new Float32Array(rows.length * hidden);
    for (let at = 0; at < rows.length; at += textsAtOnce) {
      out.set(await this.#embedSome(rows.slice(at, at + textsAtOnce)), at * hidden);
    }
    return out;
  }

  async #embedSome(rows: readonly TokenRow[]): Promise<Float32Array<ArrayBuffer>> {
    this.#session.throwFault();
    const { slots, miniBatches, ids } = this.#put(rows, [...rows.keys()]);
    const arena = this.#session.arena();
    const pooled = arena.storage('embedded', 4 * rows.length * this.#options.shape.hidden);
    try {
      this.#words.gather(slots.ids, ids);
      for (const texts of miniBatches) this.#encoder.embed(texts, { words: this.#words.rows, pooled });
      this.#pass.submit();
      return new Float32Array(await this.#session.read(pooled));
    } finally {
      arena.dispose();
    }
  }

  /** The last step's pooled vectors, queries then documents (N, C), with its dropout. For tests. */
  async pooled(queries: number, documents: number): Promise<Float32Array<ArrayBuffer>> {
    const { hidden } = this.#options.shape;
    const all = new Float32Array(await this.#session.read(this.#loss.pooled));
    const from = documentsFrom(queries);
    const out = new Float32Array((queries + documents) * hidden);
    out.set(all.subarray(0, queries * hidden));
    out.set(all.subarray(from * hidden, (from + documents) * hidden), queries * hidden);
    return out;
  }

  /** The last step's gradients before clipping, by parameter name. For tests. */
  async gradients(): Promise<Map<string, Float32Array<ArrayBuffer>>> {
    const { vocabulary } = this.#options.shape;
    const width = embeddingWidth(this.#options.shape);
    const out = new Map<string, Float32Array<ArrayBuffer>>();
    for (const [name, { data }] of await this.#parameters.readBlocks('gradient')) {
      out.set(
        name,
        data.map((value) => value / this.#lossScale),
      );
    }
    const touched = new Float32Array(await this.#session.read(this.#words.gradient));
    const words = new Float32Array(vocabulary * width);
    for (const [slot, id] of this.#lastIds.entries()) {
      const row = touched.subarray(slot * width, (slot + 1) * width);
      words.set(
        row.map((value) => value / this.#lossScale),
        id * width,
      );
    }
    return out.set('embeddings.word_embeddings.weight', words);
  }

  /** All parameters, by the hub's names. */
  weights(): Promise<NamedValues> {
    return this.#parameters.read('weights');
  }

  async optimiserState(): Promise<OptimiserState> {
    return {
      mean: await this.#parameters.read('mean'),
      square: await this.#parameters.read('square'),
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
    await this.#session.idle();
  }

  destroy(): void {
    this.#parameters.destroy();
    this.#encoder.destroy();
    this.#words.destroy();
    this.#loss.destroy();
    this.#optimiser.destroy();
    this.#data.destroy();
    this.#pass.dispose();
  }
}

/** Tokens of which no activation takes more than the device binds. */
function tokenLimit(device: GPUDevice, shape: EncoderShape): number {
  const { hidden, intermediate } = shape;
  const widest = Math.max(3 * hidden, intermediate, embeddingWidth(shape));
  return Math.floor(bindingLimit(device) / (4 * widest));
}

/**
 * A trainer whose buffers are there: where memory is short it is this that fails, not a later step.
 * @throws UserError when the device has too little memory, or was lost
 */
export async function createTrainer(session: DeviceSession, options: TrainerOptions): Promise<Trainer> {
  const { device } = session;
  device.pushErrorScope('out-of-memory');
  const trainer = new Trainer(session, options);
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

type PartData = Pick<PackedTexts, 'tokens' | 'texts' | 'words' | 'tables'>;

function deviceTexts(packed: PackedTexts, data: Bound<PartData>): DeviceTexts {
  const { tokenCount, textCount, longest } = packed;
  return { packed, ...data, tokenCount, textCount, longest };
}

/** A step's part of the dropout counters: the finaliser of MurmurHash3 over seed and step. */
function stepKey(seed: number, step: number): number {
  let h = (seed ^ Math.imul(step + 1, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
