import { embeddingWidth, isProjected, isTanhGelu } from '../../base/bertShape.ts';
import { type AttentionGradient, attention, attentionGradient } from '../kernels/attention/attention.ts';
import { lookUp, scatterRows } from '../kernels/embedding/embedding.ts';
import { type LayerNormGradient, layerNorm, layerNormGradient } from '../kernels/layerNorm/layerNorm.ts';
import { type Epilogue, matmul } from '../kernels/matmul/matmul.ts';
import { meanPool, meanPoolGradient } from '../kernels/pooling/pooling.ts';
import type { Dropout } from '../kernels/shared/dropout.ts';
import type { TextRows } from '../kernels/shared/rows.ts';
import { sumPlanes } from '../kernels/sumPlanes/sumPlanes.ts';
import type { Pass } from '../pass.ts';
import type { Binding } from '../recorder.ts';
import { Activations, splitsOf } from './activations.ts';
import type { PackedTexts, ScatterPlan } from './pack.ts';
import type { Block, Parameters } from './parameters.ts';
import type { Bound } from './stepData.ts';

/** A mini-batch on the device; see {@link PackedTexts}. */
export interface DeviceTexts extends TextRows {
  readonly packed: PackedTexts;
  readonly words: Bound<ScatterPlan>;
  readonly tables: Bound<ScatterPlan>;
}

/** Dropout of one step. */
export interface StepDropout {
  readonly rate: number;
  readonly key: number;
}

/** What goes into the forward pass of a mini-batch, and comes out. */
export interface ForwardBuffers {
  /** (slots, E): rows of the word table that the batch touches. */
  readonly words: Binding;
  /** (batch, C): pooled vectors, each text's written into its row. */
  readonly pooled: Binding;
  /** The same of the layers below the last, from the embedding layer on, where they are wanted. */
  readonly pooledBelow?: readonly Binding[];
}

/** What goes into the backward pass of a mini-batch, and is added to. */
export interface BackwardBuffers {
  /** (batch, C) */
  readonly pooledGradient: Binding;
  /** The same of the layers below the last, where they have a loss. */
  readonly pooledGradientBelow?: readonly Binding[];
  /** (slots, E) */
  readonly wordGradient: Binding;
}

/** One mini-batch while it is recorded. */
interface Run {
  readonly pass: Pass;
  readonly texts: DeviceTexts;
  readonly dropout: StepDropout | null;
}

/** A LayerNorm's place: its parameters, its width where it is not the encoder's, and what it keeps for the way back. */
interface Norm {
  readonly block: Block;
  readonly key: string;
  readonly columns?: number;
  /** (T, C) */
  readonly x: Binding;
  /** (T, 2) */
  readonly moments: Binding;
}

/** Records an encoder's passes over packed texts, forward and backward, into its own buffers. T tokens, C hidden, E embedding. */
export class Encoder {
  readonly #pass: Pass;
  readonly #exact: Pass;
  readonly #parameters: Parameters;
  readonly #activations: Activations;
  /** GELU by tanh. */
  readonly #tanh: boolean;

  constructor(pass: Pass, parameters: Parameters) {
    this.#pass = pass;
    this.#exact = pass.with({ precision: 'fp32' });
    this.#parameters = parameters;
    this.#activations = new Activations(pass, parameters.shape);
    this.#tanh = isTanhGelu(parameters.shape);
  }

  /** Makes room for mini-batches of so many tokens; what was kept for a way back is gone. */
  reserve(tokens: number): void {
    this.#activations.reserve(tokens);
  }

  destroy(): void {
    this.#activations.destroy();
  }

  /** Pooled vectors of the texts, as they are trained. */
  forward(texts: DeviceTexts, buffers: ForwardBuffers, dropout: StepDropout | null): void {
    this.#forward({ pass: this.#pass, texts, dropout }, buffers);
  }

  /** Pooled vectors of the texts without dropout, in float32 throughout. */
  embed(texts: DeviceTexts, buffers: ForwardBuffers): void {
    this.#forward({ pass: this.#exact, texts, dropout: null }, buffers);
  }

  #forward(run: Run, { words, pooled, pooledBelow = [] }: ForwardBuffers): void {
    const { layers, shape } = this.#parameters;
    this.#embeddingForward(run, words);
    for (const index of layers.keys()) this.#layerForward(run, index);
    for (const [index, into] of [...pooledBelow, pooled].entries()) {
      const layer = pooledBelow.length === 0 ? layers.length : index;
      meanPool(run.pass, run.texts, shape.hidden, { x: this.#inputOf(layer), pooled: into });
    }
  }

  #embeddingForward(run: Run, words: Binding): void {
    const { pass, texts, dropout } = run;
    const { embeddings: block, shape } = this.#parameters;
    const { hidden, positions } = shape;
    const columns = embeddingWidth(shape);
    const { embedded: x, embeddedOut, embeddedMoments: moments, projected } = this.#activations.scratch;
    lookUp(pass, texts, columns, { words, tables: block.binding('weights', 'tables'), positions, x });
    this.#norm(
      run,
      { block, key: 'norm', columns, x, moments },
      embeddedOut,
      dropoutAt(dropout, 0, 'hidden'),
    );
    if (!projected) return;
    matmul(pass, {
      orientation: 'nt',
      shape: { rows: texts.tokenCount, columns: hidden, depth: columns },
      a: embeddedOut,
      b: block.binding('weights', 'project.weight'),
      c: projected,
      epilogue: { kind: 'bias', bias: block.binding('weights', 'project.bias') },
    });
  }

  #layerForward(run: Run, index: number): void {
    const { pass, texts, dropout } = run;
    const { hidden, intermediate, heads } = this.#parameters.shape;
    const layer = this.#activations.layers[index]!;
    const block = this.#parameters.layers[index]!;
    const input = this.#inputOf(index);
    const { qkv, lse, mixed, attentionSum, attentionOut, attentionMoments, beforeGelu, sum, out, moments } =
      layer;
    const { wide } = this.#activations.scratch;
    const bias = (key: string): Binding => block.binding('weights', `${key}.bias`);
    /** c (T, N) = epilogue(a (T, K) Wᵀ (N, K)) */
    const linear = (
      key: string,
      [columns, depth]: readonly [N: number, K: number],
      { a, c }: Readonly<Record<'a' | 'c', Binding>>,
      epilogue: Epilogue,
    ): void => {
      const shape = { rows: texts.tokenCount, columns, depth };
      const b = block.binding('weights', `${key}.weight`);
      matmul(pass, { orientation: 'nt', shape, a, b, c, epilogue });
    };
    const residual = (key: string, from: Binding, place: DropoutPlace): Epilogue => ({
      kind: 'biasResidual',
      bias: bias(key),
      residual: from,
      dropout: dropoutAt(dropout, index + 1, place),
      tokens: texts.tokens,
    });
    linear('qkv', [3 * hidden, hidden], { a: input, c: qkv }, { kind: 'bias', bias: bias('qkv') });
    attention(pass, texts, {
      heads,
      size: hidden / heads,
      qkv,
      lse,
      out: mixed,
      dropout: dropoutAt(dropout, index + 1, 'probabilities'),
    });
    const mixing = residual('attention', input, 'attention');
    linear('attention', [hidden, hidden], { a: mixed, c: attentionSum }, mixing);
    const attentionNorm = { block, key: 'attention.norm', x: attentionSum, moments: attentionMoments };
    this.#norm(run, attentionNorm, attentionOut, null);
    const activation: Epilogue = { kind: 'biasGelu', bias: bias('up'), before: beforeGelu, tanh: this.#tanh };
    linear('up', [intermediate, hidden], { a: attentionOut, c: wide }, activation);
    linear('down', [hidden, intermediate], { a: wide, c: sum }, residual('down', attentionOut, 'hidden'));
    this.#norm(run, { block, key: 'norm', x: sum, moments }, out, null);
  }

  /** Adds the gradients of the last {@link forward}'s texts to the parameters' and to `wordGradient`. */
  backward(
    texts: DeviceTexts,
    { pooledGradient, pooledGradientBelow, wordGradient }: BackwardBuffers,
    dropout: StepDropout | null,
  ): void {
    const run = { pass: this.#pass, texts, dropout };
    const { layers, shape } = this.#parameters;
    const { dOut } = this.#activations.scratch;
    // Above the last layer the gradient is spread from the pooled vectors.
    let above: Above = { dy: pooledGradient, pooled: true };
    for (let index = layers.length - 1; index >= 0; index--) {
      this.#layerBackward(run, index, above);
      const gradient = pooledGradientBelow?.[index];
      if (gradient) meanPoolGradient(run.pass, texts, shape.hidden, { gradient, dx: dOut });
      above = { dy: dOut, pooled: false };
    }
    this.#embeddingBackward(run, above, wordGradient);
  }

  #embeddingBackward(run: Run, above: Above, wordGradient: Binding): void {
    const { texts, dropout } = run;
    const { embeddings: block, shape } = this.#parameters;
    const columns = embeddingWidth(shape);
    const { dSum, dDropped, embedded: x, embeddedOut, embeddedMoments: moments } = this.#activations.scratch;
    let atNorm = above;
    if (isProjected(shape)) {
      const { dy } = above;
      this.#inputGradient(run, block, 'project', [columns, shape.hidden], { dy, dx: dDropped });
      this.#weightGradient(run, block, 'project', [shape.hidden, columns], { dy, x: embeddedOut });
      atNorm = { dy: dDropped, pooled: false };
    }
    this.#normGradient(run, { block, key: 'norm', columns, x, moments }, atNorm, {
      behind: dropoutAt(dropout, 0, 'hidden'),
      before: null,
    });
    this.#scatter(texts.words, texts.packed.words, dSum, wordGradient);
    this.#scatter(texts.tables, texts.packed.tables, dSum, block.binding('gradient', 'tables'));
  }

  /** Takes the gradient at a layer's output to that at its input, in scratch `dOut`. */
  #layerBackward(run: Run, index: number, above: Above): void {
    const { dropout } = run;
    const { hidden, intermediate } = this.#parameters.shape;
    const layer = this.#activations.layers[index]!;
    const block = this.#parameters.layers[index]!;
    const { attentionSum, attentionOut, attentionMoments, beforeGelu, sum, moments } = layer;
    const { dSum, dDropped, dOut, wide } = this.#activations.scratch;
    const through = (place: DropoutPlace): { readonly dropout: Dropout; readonly dx: Binding } | null => {
      const found = dropoutAt(dropout, index + 1, place);
      return found && { dropout: found, dx: dDropped };
    };

    const down = through('hidden');
    const norm = { block, key: 'norm', x: sum, moments };
    this.#normGradient(run, norm, above, { behind: null, before: down });
    const dDown = down?.dx ?? dSum;
    // Leaves gelu(before) where `before` was, which the weights' gradient needs.
    const activation: Epilogue = { kind: 'geluGradient', before: beforeGelu, tanh: this.#tanh };
    this.#inputGradient(run, block, 'down', [intermediate, hidden], { dy: dDown, dx: wide }, activation);
    this.#weightGradient(run, block, 'down', [hidden, intermediate], { dy: dDown, x: beforeGelu });
    const add: Epilogue = { kind: 'add', residual: dSum };
    this.#inputGradient(run, block, 'up', [hidden, intermediate], { dy: wide, dx: dOut }, add);
    this.#weightGradient(run, block, 'up', [intermediate, hidden], { dy: wide, x: attentionOut });

    const mixing = through('attention');
    const attentionNorm = { block, key: 'attention.norm', x: attentionSum, moments: attentionMoments };
    const middle: Above = { dy: dOut, pooled: false };
    this.#normGradient(run, attentionNorm, middle, { behind: null, before: mixing });
    this.#attentionBackward(run, index, mixing?.dx ?? dSum);
  }

  /** From the gradient `dMixing` (T, C) at attention's output projection to that at the layer's input. */
  #attentionBackward(run: Run, index: number, dMixing: Binding): void {
    const { pass, texts, dropout } = run;
    const { hidden, heads } = this.#parameters.shape;
    const { qkv, lse, mixed } = this.#activations.layers[index]!;
    const block = this.#parameters.layers[index]!;
    const { dSum, dOut, dQkv, delta } = this.#activations.scratch;
    this.#inputGradient(run, block, 'attention', [hidden, hidden], { dy: dMixing, dx: dOut });
    this.#weightGradient(run, block, 'attention', [hidden, hidden], { dy: dMixing, x: mixed });
    const given: AttentionGradient = {
      heads,
      size: hidden / heads,
      qkv,
      lse,
      out: mixed,
      dropout: dropoutAt(dropout, index + 1, 'probabilities'),
      dOut,
      dQkv,
      delta,
    };
    attentionGradient(pass, texts, given);
    const input = this.#inputOf(index);
    const keys = [hidden, 2 * hidden] as const;
    this.#weightGradient(run, block, 'qkv', [3 * hidden, hidden], { dy: dQkv, x: input }, keys);
    const add: Epilogue = { kind: 'add', residual: dSum };
    this.#inputGradient(run, block, 'qkv', [hidden, 3 * hidden], { dy: dQkv, dx: dOut }, add);
  }

  /** Input (T, C) of layer `index`: the output of the layer before it, or of the embedding layer. */
  #inputOf(index: number): GPUBuffer {
    const { scratch, layers } = this.#activations;
    return index === 0 ? (scratch.projected ?? scratch.embeddedOut) : layers[index - 1]!.out;
  }

  /** dx (T, N) = epilogue(dy (T, K) W (K, N)) */
  #inputGradient(
    { pass, texts }: Run,
    block: Block,
    key: string,
    [columns, depth]: readonly [N: number, K: number],
    { dy, dx }: Readonly<Record<'dy' | 'dx', Binding>>,
    epilogue?: Epilogue,
  ): void {
    const shape = { rows: texts.tokenCount, columns, depth };
    const b = block.binding('weights', `${key}.weight`);
    matmul(pass, { orientation: 'nn', shape, a: dy, b, c: dx, epilogue });
  }

  /**
   * Adds dyᵀ (M, T) x (T, N) to a weight's gradient and the sums of dy's columns to its bias's (M).
   * @param zero rows of the bias whose gradient is exactly 0, from and to
   */
  #weightGradient(
    { pass, texts }: Run,
    block: Block,
    key: string,
    [rows, columns]: readonly [M: number, N: number],
    { dy, x }: Readonly<Record<'dy' | 'x', Binding>>,
    [zeroFrom, zeroTo]: readonly [number, number] = [0, 0],
  ): void {
    const depth = texts.tokenCount;
    const { planes, biasPlanes } = this.#activations.scratch;
    const splitK = splitsOf(pass.configuration, [rows, columns, depth]);
    const weight = block.binding('gradient', `${key}.weight`);
    const bias = block.binding('gradient', `${key}.bias`);
    const whole = splitK === 1;
    matmul(pass, {
      orientation: 'tn',
      shape: { rows, columns, depth },
      a: dy,
      b: x,
      c: whole ? weight : planes,
      epilogue: { kind: 'biasGradient', gradient: whole ? bias : biasPlanes, zeroFrom, zeroTo },
      accumulate: whole,
      splitK,
    });
    if (whole) return;
    const count = rows * columns;
    sumPlanes(pass, 'matmul', { from: planes, stride: count, number: splitK }, weight, count);
    sumPlanes(pass, 'matmul', { from: biasPlanes, stride: rows, number: splitK }, bias, rows);
  }

  /** y (T, C) = dropout(LayerNorm(x)) */
  #norm({ pass, texts }: Run, norm: Norm, y: Binding, dropout: Dropout | null): void {
    const { hidden, epsilon } = this.#parameters.shape;
    const { block, key, columns = hidden, x, moments } = norm;
    const gamma = block.binding('weights', `${key}.gamma`);
    const beta = block.binding('weights', `${key}.beta`);
    layerNorm(pass, texts, { columns, epsilon, x, gamma, beta, y, moments, dropout });
  }

  /** The gradient at the LayerNorm's input goes into scratch `dSum`. */
  #normGradient(
    { pass, texts }: Run,
    { block, key, columns = this.#parameters.shape.hidden, x, moments }: Norm,
    above: Above,
    dropout: Pick<LayerNormGradient, 'behind' | 'before'>,
  ): void {
    const { dSum, planes } = this.#activations.scratch;
    layerNormGradient(pass, texts, {
      columns,
      ...above,
      ...dropout,
      x,
      moments,
      dx: dSum,
      gamma: block.binding('weights', `${key}.gamma`),
      dGamma: block.binding('gradient', `${key}.gamma`),
      dBeta: block.binding('gradient', `${key}.beta`),
      partial: planes,
    });
  }

  /** Adds rows of `values` (T, E) to the rows of `sums` that the plan names. */
  #scatter(on: Bound<ScatterPlan>, plan: ScatterPlan, values: Binding, sums: Binding): void {
    const columns = embeddingWidth(this.#parameters.shape);
    const { planes } = this.#activations.scratch;
    const { order, finalOrder } = on;
    const add = (
      part: 'direct' | 'partial' | 'final',
      from: { readonly order: Binding; readonly values: Binding },
      to: Binding,
    ): void => {
      const count = plan[part].length / 4;
      const accumulate = part !== 'partial';
      scatterRows(this.#pass, columns, { ...from, segments: on[part], count, sums: to, accumulate });
    };
    add('direct', { order, values }, sums);
    add('partial', { order, values }, planes);
    add('final', { order: finalOrder, values: planes }, sums);
  }
}

/** A gradient at a LayerNorm's output, or at the pooled vectors behind it. */
type Above = Pick<LayerNormGradient, 'dy' | 'pooled'>;

/** Where a block drops: attention's probabilities, its output, and the feed-forward's (or the embedding's). */
type DropoutPlace = 'probabilities' | 'attention' | 'hidden';
const places: readonly DropoutPlace[] = ['probabilities', 'attention', 'hidden'];

/** @param block 0 is the embedding layer, k the k-th encoder layer */
function dropoutAt(step: StepDropout | null, block: number, place: DropoutPlace): Dropout | null {
  if (!step || step.rate === 0) return null;
  return { rate: step.rate, key: step.key, site: 4 * block + places.indexOf(place) };
}
