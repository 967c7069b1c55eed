import { storageBuffer } from '../buffers.ts';
import { attention, attentionGradient, type HeadLayout } from '../kernels/attention.ts';
import { lookUp, scatterRows } from '../kernels/embedding.ts';
import type { KernelCache } from '../kernels/kernel.ts';
import { layerNorm, layerNormGradient, type NormGradient, stripFloats } from '../kernels/layerNorm.ts';
import { type Dropout, type Epilogue, matmul, type Orientation } from '../kernels/matmul.ts';
import { meanPool } from '../kernels/pooling.ts';
import type { TextRows } from '../kernels/rows.ts';
import { sumPlanes } from '../kernels/sumPlanes.ts';
import type { Binding, Recorder } from '../recorder.ts';
import type { PackedTexts, ScatterPlan } from './pack.ts';
import type { Block, Parameters } from './parameters.ts';
import type { KernelPlan } from './plan.ts';

/** A mini-batch on the device; see {@link PackedTexts}. */
export interface DeviceTexts extends TextRows {
  readonly packed: PackedTexts;
  readonly words: DeviceScatter;
  readonly tables: DeviceScatter;
}

/** A {@link ScatterPlan} on the device, in the order of its fields. */
export type DeviceScatter = readonly [Binding, Binding, Binding, Binding, Binding];

/** Dropout of one step. */
export interface StepDropout {
  readonly rate: number;
  readonly key: number;
}

/** Of a product that is cut along its depth, the bytes its parts may take. */
const planeBytes = 64 * 2 ** 20;
const mostPlanes = 64;

/** What a layer leaves for the way back. */
interface LayerActivations {
  readonly qkv: GPUBuffer;
  readonly lse: GPUBuffer;
  readonly mixed: GPUBuffer;
  /** Sum before the LayerNorm, and the LayerNorm's output. */
  readonly attentionSum: GPUBuffer;
  readonly attentionMoments: GPUBuffer;
  readonly attentionOut: GPUBuffer;
  readonly beforeGelu: GPUBuffer;
  readonly sum: GPUBuffer;
  readonly moments: GPUBuffer;
  readonly out: GPUBuffer;
}

interface Scratch {
  readonly embedded: GPUBuffer;
  readonly embeddedMoments: GPUBuffer;
  readonly embeddedOut: GPUBuffer;
  /** [tokens, hidden] */
  readonly a: GPUBuffer;
  readonly b: GPUBuffer;
  readonly c: GPUBuffer;
  /** [tokens, intermediate] */
  readonly wide: GPUBuffer;
  /** [tokens, 3 hidden] */
  readonly qkv: GPUBuffer;
  readonly delta: GPUBuffer;
  /** Partial sums of rows: scattered gradients, strips of LayerNorms, parts of products. */
  readonly planes: GPUBuffer;
  readonly biasPlanes: GPUBuffer;
}

/** Records an encoder's passes over packed texts, forward and backward, into its own buffers. */
export class Encoder {
  readonly #device: GPUDevice;
  readonly #kernels: KernelCache;
  readonly #recorder: Recorder;
  readonly #parameters: Parameters;
  readonly #plan: KernelPlan;
  /** Of the pass that is being recorded. */
  #half = false;
  #capacity = 0;
  #layers: LayerActivations[] = [];
  #scratch: Scratch | null = null;

  constructor(
    device: GPUDevice,
    kernels: KernelCache,
    recorder: Recorder,
    parameters: Parameters,
    plan: KernelPlan,
  ) {
    this.#device = device;
    this.#kernels = kernels;
    this.#recorder = recorder;
    this.#parameters = parameters;
    this.#plan = plan;
  }

  /** Makes room for mini-batches of so many tokens; what was kept for a way back is gone. */
  reserve(tokens: number): void {
    if (tokens <= this.#capacity) return;
    this.#release();
    const { hidden, intermediate, heads, layers, positions } = this.#parameters.shape;
    const make = (label: string, columns: number): GPUBuffer =>
      storageBuffer(this.#device, label, 4 * tokens * columns);
    this.#layers = Array.from({ length: layers }, (_, layer) => ({
      qkv: make(`layer ${layer}: queries, keys, values`, 3 * hidden),
      lse: make(`layer ${layer}: log sum exp`, heads),
      mixed: make(`layer ${layer}: attended values`, hidden),
      attentionSum: make(`layer ${layer}: attention sum`, hidden),
      attentionMoments: make(`layer ${layer}: attention moments`, 2),
      attentionOut: make(`layer ${layer}: attention output`, hidden),
      beforeGelu: make(`layer ${layer}: before GELU`, intermediate),
      sum: make(`layer ${layer}: sum`, hidden),
      moments: make(`layer ${layer}: moments`, 2),
      out: make(`layer ${layer}: output`, hidden),
    }));
    const widest = Math.max(3 * hidden, intermediate);
    // Twice the tokens: the position and type tables' gradients are scattered together.
    const partialRows = Math.max(2 * tokens, positions);
    this.#scratch = {
      embedded: make('embedded', hidden),
      embeddedMoments: make('embedded moments', 2),
      embeddedOut: make('embedded output', hidden),
      a: make('gradient a', hidden),
      b: make('gradient b', hidden),
      c: make('gradient c', hidden),
      wide: make('gradient, intermediate', intermediate),
      qkv: make('gradient of queries, keys, values', 3 * hidden),
      delta: make('delta', heads),
      planes: storageBuffer(
        this.#device,
        'planes',
        4 *
          Math.max(
            partialRows * hidden,
            stripFloats(tokens, hidden),
            ...[3 * hidden, hidden, intermediate].map(
              (rows) => this.#planesOf(rows, hidden, tokens) * rows * hidden,
            ),
            this.#planesOf(hidden, intermediate, tokens) * hidden * intermediate,
          ),
      ),
      biasPlanes: storageBuffer(this.#device, 'planes of biases', 4 * mostPlanes * widest),
    };
    this.#capacity = tokens;
  }

  #release(): void {
    const buffers = [...this.#layers, ...(this.#scratch ? [this.#scratch] : [])];
    for (const group of buffers) for (const buffer of Object.values(group)) buffer.destroy();
    this.#layers = [];
    this.#scratch = null;
  }

  destroy(): void {
    this.#release();
  }

  get #work(): Scratch {
    if (!this.#scratch) throw new Error('reserve() comes before any pass.');
    return this.#scratch;
  }

  /**
   * Pooled vectors of the texts, each into its row of `pooled`, [rows of the batch, hidden].
   * @param words [slots, hidden] rows of the word table that the batch touches
   * @param precision of the products; the plan's for all that is trained
   */
  forward(
    texts: DeviceTexts,
    words: Binding,
    pooled: Binding,
    dropout: StepDropout | null,
    precision = this.#plan.precision,
  ): void {
    this.#half = precision === 'fp16';
    const { hidden, positions } = this.#parameters.shape;
    const { embeddings } = this.#parameters;
    const { embedded, embeddedOut, embeddedMoments } = this.#work;
    const tables = { table: embeddings.binding('weights', 'tables'), positions };
    lookUp(this.#recorder, this.#kernels, hidden, texts, words, tables, embedded);
    const first = dropoutAt(dropout, 0, 'hidden');
    this.#norm(texts, embeddings, 'norm', embedded, embeddedOut, embeddedMoments, first);
    for (const index of this.#layers.keys()) this.#layerForward(index, texts, dropout);
    const top = this.#inputOf(this.#layers.length);
    meanPool(this.#recorder, this.#kernels, hidden, texts, top, pooled);
  }

  #layerForward(index: number, texts: DeviceTexts, dropout: StepDropout | null): void {
    const { hidden, intermediate } = this.#parameters.shape;
    const layer = this.#layers[index]!;
    const block = this.#parameters.layers[index]!;
    const input = this.#inputOf(index);
    const tokens = texts.tokenCount;
    const { qkv, mixed, attentionSum, attentionOut, attentionMoments, beforeGelu, sum, out, moments } = layer;
    const { wide } = this.#work;
    const weights = (key: string): Binding => block.binding('weights', key);
    const product = (columns: number, depth: number, key: string, a: Binding, c: Binding, last: Epilogue) =>
      this.#product('nt', [tokens, columns, depth], a, weights(`${key}.weight`), c, last);
    const residual = (key: string, from: Binding, place: DropoutPlace): Epilogue => ({
      kind: 'biasResidual',
      bias: weights(`${key}.bias`),
      residual: from,
      dropout: dropoutAt(dropout, index + 1, place),
      tokens: texts.tokens,
    });
    product(3 * hidden, hidden, 'qkv', input, qkv, { kind: 'bias', bias: weights('qkv.bias') });
    const attended = { qkv, lse: layer.lse, out: mixed };
    const probabilities = dropoutAt(dropout, index + 1, 'probabilities');
    attention(this.#recorder, this.#kernels, this.#heads, texts, attended, probabilities);
    product(hidden, hidden, 'attention', mixed, attentionSum, residual('attention', input, 'attention'));
    this.#norm(texts, block, 'attention.norm', attentionSum, attentionOut, attentionMoments, null);
    const activate: Epilogue = { kind: 'biasGelu', bias: weights('up.bias'), before: beforeGelu };
    product(intermediate, hidden, 'up', attentionOut, wide, activate);
    product(hidden, intermediate, 'down', wide, sum, residual('down', attentionOut, 'hidden'));
    this.#norm(texts, block, 'norm', sum, out, moments, null);
  }

  /**
   * Adds the gradients of the last {@link forward}'s texts to the parameters' and to `wordGradient`.
   * @param pooledGradient [rows of the batch, hidden]
   * @param wordGradient [slots, hidden]
   */
  backward(
    texts: DeviceTexts,
    pooledGradient: Binding,
    wordGradient: Binding,
    dropout: StepDropout | null,
  ): void {
    this.#half = this.#plan.precision === 'fp16';
    const { embeddings } = this.#parameters;
    const { a, c, embedded, embeddedMoments } = this.#work;
    // Above the last layer the gradient is spread from the pooled vectors.
    let above: Above = { dy: pooledGradient, pooled: true };
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      this.#layerBackward(index, texts, above, dropout);
      above = { dy: c, pooled: false };
    }
    this.#normGradient(texts, embeddings, 'norm', above, embedded, embeddedMoments, a, {
      behind: dropoutAt(dropout, 0, 'hidden'),
      before: null,
    });
    this.#scatter(texts.words, texts.packed.words, a, wordGradient);
    this.#scatter(texts.tables, texts.packed.tables, a, embeddings.binding('gradient', 'tables'));
  }

  /** Takes the gradient at a layer's output to that at its input, in scratch `c`. */
  #layerBackward(index: number, texts: DeviceTexts, above: Above, dropout: StepDropout | null): void {
    const { hidden, intermediate } = this.#parameters.shape;
    const layer = this.#layers[index]!;
    const block = this.#parameters.layers[index]!;
    const input = this.#inputOf(index);
    const tokens = texts.tokenCount;
    const { qkv, mixed, attentionSum, attentionOut, attentionMoments, beforeGelu, sum, moments } = layer;
    const { a, b, c, wide, qkv: dQkv, delta } = this.#work;
    const product = (
      columns: number,
      depth: number,
      key: string,
      dy: Binding,
      dx: Binding,
      last?: Epilogue,
    ) =>
      this.#product('nn', [tokens, columns, depth], dy, block.binding('weights', `${key}.weight`), dx, last);
    const through = (place: DropoutPlace): { readonly dropout: Dropout; readonly dx: Binding } | null => {
      const found = dropoutAt(dropout, index + 1, place);
      return found && { dropout: found, dx: b };
    };

    const down = through('hidden');
    this.#normGradient(texts, block, 'norm', above, sum, moments, a, { behind: null, before: down });
    const dDown = down?.dx ?? a;
    // Leaves gelu(before) where `before` was, which the weights' gradient needs.
    product(intermediate, hidden, 'down', dDown, wide, { kind: 'geluGradient', before: beforeGelu });
    this.#weightGradient(block, 'down', [hidden, intermediate, tokens], dDown, beforeGelu);
    product(hidden, intermediate, 'up', wide, c, { kind: 'add', residual: a });
    this.#weightGradient(block, 'up', [intermediate, hidden, tokens], wide, attentionOut);

    const mixing = through('attention');
    const middle: Above = { dy: c, pooled: false };
    this.#normGradient(texts, block, 'attention.norm', middle, attentionSum, attentionMoments, a, {
      behind: null,
      before: mixing,
    });
    const dMixing = mixing?.dx ?? a;
    product(hidden, hidden, 'attention', dMixing, c);
    this.#weightGradient(block, 'attention', [hidden, hidden, tokens], dMixing, mixed);
    const attended = { qkv, lse: layer.lse, out: mixed };
    const gradient = { dOut: c, dQkv, delta };
    const probabilities = dropoutAt(dropout, index + 1, 'probabilities');
    attentionGradient(this.#recorder, this.#kernels, this.#heads, texts, attended, gradient, probabilities);
    this.#weightGradient(block, 'qkv', [3 * hidden, hidden, tokens], dQkv, input, [hidden, 2 * hidden]);
    product(hidden, 3 * hidden, 'qkv', dQkv, c, { kind: 'add', residual: a });
  }

  /** Input of layer `index`: the output of the layer before it, or of the embedding layer. */
  #inputOf(index: number): GPUBuffer {
    return index === 0 ? this.#work.embeddedOut : this.#layers[index - 1]!.out;
  }

  get #heads(): HeadLayout {
    const { heads, hidden } = this.#parameters.shape;
    return { heads, size: hidden / heads, workAtOnce: this.#plan.workAtOnce };
  }

  #product(
    orientation: Orientation,
    [rows, columns, depth]: readonly [number, number, number],
    a: Binding,
    b: Binding,
    c: Binding,
    epilogue: Epilogue = { kind: 'none' },
  ): void {
    const { workAtOnce } = this.#plan;
    const variant = this.#plan.matmul[orientation];
    const shape = { rows, columns, depth };
    const options = { workAtOnce, half: this.#half };
    matmul(this.#recorder, this.#kernels, orientation, variant, shape, { a, b, c }, epilogue, options);
  }

  /** Parts that the depth of a weight gradient is cut into, so that it fills the device. */
  #planesOf(rows: number, columns: number, depth: number): number {
    const { tile, groupsToFill } = this.#plan;
    const groups = Math.ceil(rows / tile) * Math.ceil(columns / tile);
    const wanted = Math.min(Math.ceil(groupsToFill / groups), Math.ceil(depth / 128), mostPlanes);
    return Math.max(1, Math.min(wanted, Math.floor(planeBytes / (4 * rows * columns))));
  }

  /**
   * Adds dyᵀ x to a weight's gradient and the sums of dy's columns to its bias's.
   * @param zero rows of the bias whose gradient is exactly 0, from and to
   */
  #weightGradient(
    block: Block,
    key: string,
    [rows, columns, depth]: readonly [number, number, number],
    dy: Binding,
    x: Binding,
    [zeroFrom, zeroTo]: readonly [number, number] = [0, 0],
  ): void {
    const recorder = this.#recorder;
    const kernels = this.#kernels;
    const { planes, biasPlanes } = this.#work;
    const number = this.#planesOf(rows, columns, depth);
    const weight = block.binding('gradient', `${key}.weight`);
    const bias = block.binding('gradient', `${key}.bias`);
    const whole = number === 1;
    matmul(
      recorder,
      kernels,
      'tn',
      this.#plan.matmul.tn,
      { rows, columns, depth },
      { a: dy, b: x, c: whole ? weight : planes },
      { kind: 'biasGradient', gradient: whole ? bias : biasPlanes, zeroFrom, zeroTo },
      { accumulate: whole, planes: number, workAtOnce: this.#plan.workAtOnce, half: this.#half },
    );
    if (whole) return;
    const count = rows * columns;
    sumPlanes(recorder, kernels, 'matmul', { from: planes, stride: count, number }, weight, count);
    sumPlanes(recorder, kernels, 'matmul', { from: biasPlanes, stride: rows, number }, bias, rows);
  }

  #norm(
    texts: DeviceTexts,
    block: Block,
    key: string,
    x: Binding,
    y: Binding,
    moments: Binding,
    dropout: Dropout | null,
  ): void {
    const { hidden, epsilon } = this.#parameters.shape;
    const [gain, shift] = [block.binding('weights', `${key}.gain`), block.binding('weights', `${key}.shift`)];
    const layout = { columns: hidden, lanes: this.#plan.lanes };
    const operands = { x, gain, shift, y, moments };
    layerNorm(this.#recorder, this.#kernels, layout, texts, operands, epsilon, dropout);
  }

  #normGradient(
    texts: DeviceTexts,
    block: Block,
    key: string,
    above: Above,
    x: Binding,
    moments: Binding,
    dx: Binding,
    dropout: Pick<NormGradient, 'behind' | 'before'>,
  ): void {
    const layout = { columns: this.#parameters.shape.hidden, lanes: this.#plan.lanes };
    layerNormGradient(this.#recorder, this.#kernels, layout, texts, {
      ...above,
      ...dropout,
      x,
      moments,
      dx,
      gain: block.binding('weights', `${key}.gain`),
      dGain: block.binding('gradient', `${key}.gain`),
      dShift: block.binding('gradient', `${key}.shift`),
      partial: this.#work.planes,
    });
  }

  /** Adds rows of `source` to the rows of `sums` that the plan names. */
  #scatter(
    [order, direct, partial, finalOrder, final]: DeviceScatter,
    plan: ScatterPlan,
    source: Binding,
    sums: Binding,
  ): void {
    const { hidden } = this.#parameters.shape;
    const { planes } = this.#work;
    const add = (
      rows: Binding,
      table: Binding,
      words: Uint32Array,
      from: Binding,
      to: Binding,
      accumulate: boolean,
    ): void => {
      const segments = { table, count: words.length / 4 };
      scatterRows(this.#recorder, this.#kernels, hidden, rows, segments, from, to, accumulate);
    };
    add(order, direct, plan.direct, source, sums, true);
    add(order, partial, plan.partial, source, planes, false);
    add(finalOrder, final, plan.final, planes, sums, true);
  }
}

/** A gradient at a LayerNorm's output, or at the pooled vectors behind it. */
type Above = Pick<NormGradient, 'dy' | 'pooled'>;

/** Where a block drops: attention's probabilities, its output, and the feed-forward's (or the embedding's). */
type DropoutPlace = 'probabilities' | 'attention' | 'hidden';
const places: readonly DropoutPlace[] = ['probabilities', 'attention', 'hidden'];

/** @param block 0 is the embedding layer, k the k-th encoder layer */
function dropoutAt(step: StepDropout | null, block: number, place: DropoutPlace): Dropout | null {
  if (!step || step.rate === 0) return null;
  return { rate: step.rate, key: step.key, site: 4 * block + places.indexOf(place) };
}
