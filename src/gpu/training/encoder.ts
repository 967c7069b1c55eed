import { storageBuffer } from '../buffers.ts';
import attentionSource from '../kernels/attention.wgsl?raw';
import dropoutFactorsSource from '../kernels/dropout_factors.wgsl?raw';
import embeddingSource from '../kernels/embedding.wgsl?raw';
import type { Family, Kernel, KernelCache } from '../kernels/kernel.ts';
import layerNormSource from '../kernels/layer_norm.wgsl?raw';
import layerNormGradientSource from '../kernels/layer_norm_gradient.wgsl?raw';
import {
  type Dropout,
  dropoutParameters,
  type Epilogue,
  matmul,
  type Orientation,
} from '../kernels/matmul.ts';
import poolingSource from '../kernels/pooling.wgsl?raw';
import randomSource from '../kernels/random.wgsl?raw';
import sumPlanesSource from '../kernels/sum_planes.wgsl?raw';
import type { Constants } from '../kernels/template.ts';
import valuesSource from '../kernels/values.wgsl?raw';
import type { Binding, Recorder } from '../recorder.ts';
import type { PackedTexts } from './pack.ts';
import type { Block, Parameters } from './parameters.ts';
import type { KernelPlan } from './plan.ts';

/** A mini-batch on the device; see {@link PackedTexts}. */
export interface DeviceTexts {
  readonly packed: PackedTexts;
  readonly tokens: Binding;
  readonly texts: Binding;
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

/** Rows of a matrix that one invocation sums for the gradients of a LayerNorm's gain and shift. */
const stripRows = 32;
const attentionThreads = 64;
/** Of a product that is cut along its depth, the bytes its parts may take. */
const planeBytes = 64 * 2 ** 20;

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

  /** Bytes of activations a token takes. */
  static bytesAToken({ hidden, intermediate, heads, layers }: Parameters['shape']): number {
    const layer = 8 * hidden + intermediate + heads + 4;
    return 4 * (layers * layer + 9 * hidden + intermediate + heads + 2);
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
            ...[3 * hidden, hidden, intermediate].map(
              (rows) => this.#planesOf(rows, hidden, tokens) * rows * hidden,
            ),
            this.#planesOf(hidden, intermediate, tokens) * hidden * intermediate,
          ),
      ),
      biasPlanes: storageBuffer(this.#device, 'planes of biases', 4 * 64 * widest),
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
   */
  forward(texts: DeviceTexts, words: Binding, pooled: Binding, dropout: StepDropout | null): void {
    const { hidden, positions, intermediate } = this.#parameters.shape;
    const { embeddings } = this.#parameters;
    const scratch = this.#work;
    const tokens = texts.packed.tokenCount;
    const { value, unit } = this.#values(hidden);
    const look = this.#kernel('embedding', 'look', embeddingSource, {
      gather: false,
      look: true,
      scatter: false,
      value,
    });
    const width = hidden / unit;
    this.#recorder.run(
      look,
      [texts.tokens, words, embeddings.binding('weights', 'tables'), scratch.embedded],
      { count: tokens, width, first: 0, rowOffset: positions, accumulate: 0 },
      Math.ceil((tokens * width) / 64),
    );
    this.#layerNorm(
      texts,
      embeddings,
      'norm',
      scratch.embedded,
      scratch.embeddedOut,
      scratch.embeddedMoments,
      this.#dropout(dropout, 0, 0),
    );
    for (const [index, layer] of this.#layers.entries()) {
      const block = this.#parameters.layers[index]!;
      const input = this.#inputOf(index);
      const weights = (key: string): Binding => block.binding('weights', key);
      this.#product('nt', [tokens, 3 * hidden, hidden], input, weights('qkv.weight'), layer.qkv, {
        kind: 'bias',
        bias: weights('qkv.bias'),
      });
      this.#attention('forward', texts, layer, this.#dropout(dropout, index + 1, 0), null);
      this.#product(
        'nt',
        [tokens, hidden, hidden],
        layer.mixed,
        weights('attention.weight'),
        layer.attentionSum,
        {
          kind: 'biasResidual',
          bias: weights('attention.bias'),
          residual: input,
          dropout: this.#dropout(dropout, index + 1, 1),
          tokens: texts.tokens,
        },
      );
      this.#layerNorm(
        texts,
        block,
        'attention.norm',
        layer.attentionSum,
        layer.attentionOut,
        layer.attentionMoments,
        null,
      );
      this.#product(
        'nt',
        [tokens, intermediate, hidden],
        layer.attentionOut,
        weights('up.weight'),
        scratch.wide,
        { kind: 'biasGelu', bias: weights('up.bias'), before: layer.beforeGelu },
      );
      this.#product('nt', [tokens, hidden, intermediate], scratch.wide, weights('down.weight'), layer.sum, {
        kind: 'biasResidual',
        bias: weights('down.bias'),
        residual: layer.attentionOut,
        dropout: this.#dropout(dropout, index + 1, 2),
        tokens: texts.tokens,
      });
      this.#layerNorm(texts, block, 'norm', layer.sum, layer.out, layer.moments, null);
    }
    const pool = this.#kernel('pooling', 'pool', valuesSource + poolingSource, {
      pool: true,
      normalise: false,
      value,
      vector: unit === 4,
    });
    const rows = texts.packed.textCount;
    this.#recorder.run(
      pool,
      [this.#inputOf(this.#layers.length), texts.texts, pooled],
      { rows, width },
      Math.ceil((rows * width) / 64),
    );
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
    const { hidden, intermediate } = this.#parameters.shape;
    const scratch = this.#work;
    const tokens = texts.packed.tokenCount;
    // Where the gradient at a layer's output lies; above the last layer it is spread from the pooled vectors.
    let above: { readonly from: Binding; readonly pooled: boolean } = { from: pooledGradient, pooled: true };
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index]!;
      const block = this.#parameters.layers[index]!;
      const input = this.#inputOf(index);
      const weights = (key: string): Binding => block.binding('weights', key);
      const throughDown = this.#dropout(dropout, index + 1, 2);
      const throughAttention = this.#dropout(dropout, index + 1, 1);

      this.#normGradient(texts, block, 'norm', above, layer.sum, layer.moments, scratch.a, {
        output: null,
        input: throughDown,
        dropped: scratch.b,
      });
      const dSum = scratch.a;
      const dDown = throughDown ? scratch.b : dSum;
      this.#product(
        'nn',
        [tokens, intermediate, hidden],
        dDown,
        weights('down.weight'),
        scratch.wide,
        // Leaves gelu(before) where `before` was, which the weights' gradient needs.
        { kind: 'geluGradient', before: layer.beforeGelu },
      );
      this.#weightGradient(block, 'down', [hidden, intermediate, tokens], dDown, layer.beforeGelu);
      this.#product('nn', [tokens, hidden, intermediate], scratch.wide, weights('up.weight'), scratch.c, {
        kind: 'add',
        residual: dSum,
      });
      this.#weightGradient(block, 'up', [intermediate, hidden, tokens], scratch.wide, layer.attentionOut);

      this.#normGradient(
        texts,
        block,
        'attention.norm',
        { from: scratch.c, pooled: false },
        layer.attentionSum,
        layer.attentionMoments,
        scratch.a,
        { output: null, input: throughAttention, dropped: scratch.b },
      );
      const dAttention = throughAttention ? scratch.b : scratch.a;
      this.#product('nn', [tokens, hidden, hidden], dAttention, weights('attention.weight'), scratch.c);
      this.#weightGradient(block, 'attention', [hidden, hidden, tokens], dAttention, layer.mixed);
      const attentionDropout = this.#dropout(dropout, index + 1, 0);
      this.#attention('queryGradient', texts, layer, attentionDropout, scratch.c);
      this.#attention('keyGradient', texts, layer, attentionDropout, scratch.c);
      this.#weightGradient(block, 'qkv', [3 * hidden, hidden, tokens], scratch.qkv, input, [
        hidden,
        2 * hidden,
      ]);
      this.#product('nn', [tokens, hidden, 3 * hidden], scratch.qkv, weights('qkv.weight'), scratch.c, {
        kind: 'add',
        residual: scratch.a,
      });
      above = { from: scratch.c, pooled: false };
    }
    this.#normGradient(
      texts,
      this.#parameters.embeddings,
      'norm',
      above,
      scratch.embedded,
      scratch.embeddedMoments,
      scratch.a,
      { output: this.#dropout(dropout, 0, 0), input: null, dropped: scratch.b },
    );
    this.scatter(texts.words, texts.packed.words, scratch.a, wordGradient);
    const { embeddings } = this.#parameters;
    this.scatter(texts.tables, texts.packed.tables, scratch.a, embeddings.binding('gradient', 'tables'));
  }

  /** Input of layer `index`: the output of the layer before it, or of the embedding layer. */
  #inputOf(index: number): GPUBuffer {
    return index === 0 ? this.#work.embeddedOut : this.#layers[index - 1]!.out;
  }

  #values(columns: number): { value: string; unit: number } {
    return columns % 4 === 0 ? { value: 'vec4f', unit: 4 } : { value: 'f32', unit: 1 };
  }

  #kernel(family: Family, name: string, source: string, constants: Constants): Kernel {
    return this.#kernels.get(family, name, source, constants);
  }

  #dropout(step: StepDropout | null, block: number, place: number): Dropout | null {
    return step && step.rate > 0 ? { rate: step.rate, key: step.key, site: 4 * block + place } : null;
  }

  #product(
    orientation: Orientation,
    [rows, columns, depth]: readonly [number, number, number],
    a: Binding,
    b: Binding,
    c: Binding,
    epilogue: Epilogue = { kind: 'none' },
  ): void {
    const variant = this.#plan.matmul[orientation];
    matmul(
      this.#recorder,
      this.#kernels,
      orientation,
      variant,
      { rows, columns, depth },
      { a, b, c },
      epilogue,
      { workAtOnce: this.#plan.workAtOnce },
    );
  }

  /** Parts that the depth of a weight gradient is cut into, so that it fills the device. */
  #planesOf(rows: number, columns: number, depth: number): number {
    const { threadsX, threadsY, rowsEach, columnsEach } = this.#plan.matmul.tn;
    const groups = Math.ceil(rows / (threadsY * rowsEach)) * Math.ceil(columns / (threadsX * columnsEach));
    const wanted = Math.min(Math.ceil(this.#plan.groupsToFill / groups), Math.ceil(depth / 128), 64);
    return Math.max(1, Math.min(wanted, Math.floor(planeBytes / (4 * rows * columns))));
  }

  /** Adds dyᵀ x to a weight's gradient and the sums of dy's columns to its bias's. */
  #weightGradient(
    block: Block,
    key: string,
    [rows, columns, depth]: readonly [number, number, number],
    dy: Binding,
    x: Binding,
    [zeroFrom, zeroTo]: readonly [number, number] = [0, 0],
  ): void {
    const scratch = this.#work;
    const planes = this.#planesOf(rows, columns, depth);
    const weight = block.binding('gradient', `${key}.weight`);
    const bias = block.binding('gradient', `${key}.bias`);
    const whole = planes === 1;
    matmul(
      this.#recorder,
      this.#kernels,
      'tn',
      this.#plan.matmul.tn,
      { rows, columns, depth },
      { a: dy, b: x, c: whole ? weight : scratch.planes },
      { kind: 'biasGradient', gradient: whole ? bias : scratch.biasPlanes, zeroFrom, zeroTo },
      { accumulate: whole, planes, workAtOnce: this.#plan.workAtOnce },
    );
    if (whole) return;
    this.#sumPlanes('matmul', scratch.planes, 0, rows * columns, rows * columns, planes, weight, 0);
    this.#sumPlanes('matmul', scratch.biasPlanes, 0, rows, rows, planes, bias, 0);
  }

  #sumPlanes(
    family: Family,
    planes: Binding,
    from: number,
    stride: number,
    count: number,
    number: number,
    sums: Binding,
    to: number,
  ): void {
    const kernel = this.#kernel(family, 'sum planes', sumPlanesSource, {});
    this.#recorder.run(
      kernel,
      [planes, sums],
      { count, stride, planes: number, accumulate: 1, readAt: from, writeAt: to },
      Math.ceil(count / 64),
    );
  }

  #layerNorm(
    texts: DeviceTexts,
    block: Block,
    key: string,
    x: Binding,
    y: Binding,
    moments: Binding,
    dropout: Dropout | null,
  ): void {
    const { hidden, epsilon } = this.#parameters.shape;
    const { value, unit } = this.#values(hidden);
    const rows = texts.packed.tokenCount;
    const source = valuesSource + (dropout ? randomSource + dropoutFactorsSource : '') + layerNormSource;
    const { rowsEach, constants } = this.#laneConstants(value, unit);
    const kernel = this.#kernel('layer norm', 'layer norm', source, {
      ...constants,
      dropout: dropout !== null,
    });
    const bindings = [
      x,
      block.binding('weights', `${key}.gain`),
      block.binding('weights', `${key}.shift`),
      y,
      moments,
    ];
    this.#recorder.run(
      kernel,
      dropout ? [...bindings, texts.tokens] : bindings,
      { rows, width: hidden / unit, columns: hidden, epsilon, ...dropoutParameters(dropout) },
      Math.ceil(rows / rowsEach),
    );
  }

  #laneConstants(value: string, unit: number): { rowsEach: number; constants: Constants } {
    const { lanes } = this.#plan;
    const rowsEach = lanes === 1 ? 16 : Math.max(1, 64 / lanes);
    return {
      rowsEach,
      constants: {
        value,
        vector: unit === 4,
        lanes,
        rowsEach,
        shared: lanes > 1,
        threads: lanes * rowsEach,
      },
    };
  }

  /** Gradients of a LayerNorm's gain, shift and input, and of the input before dropout where there is one. */
  #normGradient(
    texts: DeviceTexts,
    block: Block,
    key: string,
    dy: { readonly from: Binding; readonly pooled: boolean },
    x: Binding,
    moments: Binding,
    dx: Binding,
    dropout: { readonly output: Dropout | null; readonly input: Dropout | null; readonly dropped: Binding },
  ): void {
    const { hidden } = this.#parameters.shape;
    const { value, unit } = this.#values(hidden);
    const scratch = this.#work;
    const rows = texts.packed.tokenCount;
    const width = hidden / unit;
    const active = dropout.output ?? dropout.input;
    const source =
      valuesSource + (active ? randomSource + dropoutFactorsSource : '') + layerNormGradientSource;
    const { rowsEach, constants } = this.#laneConstants(value, unit);
    const common = {
      ...constants,
      pooled: dy.pooled,
      dropOutput: dropout.output !== null,
      dropInput: dropout.input !== null,
    };
    const given = {
      rows,
      width,
      columns: hidden,
      strip: stripRows,
      ...dropoutParameters(active),
    };
    const strips = Math.ceil(rows / stripRows);
    // The sums do not go through the dropout before the residual.
    const sumsSource =
      valuesSource + (dropout.output ? randomSource + dropoutFactorsSource : '') + layerNormGradientSource;
    const sums = this.#kernel('layer norm', 'layer norm sums', sumsSource, {
      ...common,
      dropInput: false,
      columnSums: true,
    });
    this.#recorder.run(
      sums,
      [dy.from, x, moments, texts.tokens, texts.texts, scratch.planes],
      given,
      Math.ceil((strips * width) / 64),
    );
    for (const [index, part] of ['gain', 'shift'].entries()) {
      this.#sumPlanes(
        'layer norm',
        scratch.planes,
        index * hidden,
        2 * hidden,
        hidden,
        strips,
        block.binding('gradient', `${key}.${part}`),
        0,
      );
    }
    const gradient = this.#kernel('layer norm', 'layer norm gradient', source, {
      ...common,
      columnSums: false,
    });
    const bindings = [
      dy.from,
      x,
      moments,
      texts.tokens,
      texts.texts,
      block.binding('weights', `${key}.gain`),
      dx,
    ];
    this.#recorder.run(
      gradient,
      dropout.input ? [...bindings, dropout.dropped] : bindings,
      given,
      Math.ceil(rows / rowsEach),
    );
  }

  #attention(
    pass: 'forward' | 'queryGradient' | 'keyGradient',
    texts: DeviceTexts,
    layer: LayerActivations,
    dropout: Dropout | null,
    dOut: Binding | null,
  ): void {
    const { hidden, heads } = this.#parameters.shape;
    const size = hidden / heads;
    const { value, unit } = this.#values(size);
    const scratch = this.#work;
    const tokens = texts.packed.tokenCount;
    const kernel = this.#kernel(
      'attention',
      `attention ${pass}`,
      (dropout ? randomSource : '') + attentionSource,
      {
        value,
        vector: unit === 4,
        quads: Math.ceil(size / 4),
        // Four vectors of 64 columns in registers are as many as common GPUs have without spilling.
        ownInRegisters: size <= 32,
        threads: attentionThreads,
        forward: pass === 'forward',
        queryGradient: pass === 'queryGradient',
        keyGradient: pass === 'keyGradient',
        dropout: dropout !== null,
      },
    );
    const first = [texts.tokens, texts.texts, layer.qkv, layer.lse];
    const rest =
      pass === 'forward'
        ? [layer.mixed]
        : [dOut!, scratch.qkv, scratch.delta, ...(pass === 'queryGradient' ? [layer.mixed] : [])];
    this.#recorder.run(
      kernel,
      [...first, ...rest],
      {
        tokens,
        heads,
        size,
        hidden,
        scale: 1 / Math.sqrt(size),
        ...dropoutParameters(dropout),
      },
      Math.ceil((tokens * heads) / attentionThreads),
    );
  }

  /** Adds rows of `source` to the rows of `sums` that the plan names. */
  scatter(
    [order, direct, partial, finalOrder, final]: DeviceScatter,
    plan: PackedTexts['words'],
    source: Binding,
    sums: Binding,
  ): void {
    const { hidden } = this.#parameters.shape;
    const { value, unit } = this.#values(hidden);
    const width = hidden / unit;
    const { planes } = this.#work;
    const kernel = this.#kernel('embedding', 'scatter', embeddingSource, {
      gather: false,
      look: false,
      scatter: true,
      value,
    });
    const level = (
      rows: Binding,
      segments: Binding,
      words: number,
      from: Binding,
      to: Binding,
      accumulate: number,
    ): void => {
      const count = words / 4;
      if (count === 0) return;
      this.#recorder.run(
        kernel,
        [rows, segments, from, to],
        { count, width, first: 0, rowOffset: 0, accumulate },
        Math.ceil((count * width) / 64),
      );
    };
    level(order, direct, plan.direct.length, source, sums, 1);
    level(order, partial, plan.partial.length, source, planes, 0);
    level(finalOrder, final, plan.final.length, planes, sums, 1);
  }
}
