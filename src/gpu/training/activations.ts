import { type EncoderShape, embeddingWidth, isProjected } from '../../base/bertShape.ts';
import type { BufferArena } from '../buffers.ts';
import { stripFloats } from '../kernels/layerNorm/layerNorm.ts';
import type { LaunchConfiguration } from '../launchConfiguration.ts';
import type { Pass } from '../pass.ts';

/** Of a product that is cut along its depth, the bytes its parts may take. */
const splitBytes = 64 * 2 ** 20;
const mostSplits = 64;

/** Parts that the depth of a weight gradient (M, N) over K tokens is cut into (split-K), so that it fills the device. */
export function splitsOf(
  { tile, groupsToFill }: LaunchConfiguration,
  [rows, columns, depth]: readonly [M: number, N: number, K: number],
): number {
  const groups = Math.ceil(rows / tile) * Math.ceil(columns / tile);
  const wanted = Math.min(Math.ceil(groupsToFill / groups), Math.ceil(depth / 128), mostSplits);
  return Math.max(1, Math.min(wanted, Math.floor(splitBytes / (4 * rows * columns))));
}

/** What a layer leaves for the way back. T tokens, C hidden, E embedding, I intermediate. */
export interface LayerActivations {
  /** (T, 3C) */
  readonly qkv: GPUBuffer;
  /** (heads, T) */
  readonly lse: GPUBuffer;
  /** (T, C): attended values. */
  readonly mixed: GPUBuffer;
  /** (T, C): sum before the LayerNorm; (T, 2): its moments; (T, C): the LayerNorm's output. */
  readonly attentionSum: GPUBuffer;
  readonly attentionMoments: GPUBuffer;
  readonly attentionOut: GPUBuffer;
  /** (T, I) */
  readonly beforeGelu: GPUBuffer;
  /** The same three behind the feed-forward. */
  readonly sum: GPUBuffer;
  readonly moments: GPUBuffer;
  readonly out: GPUBuffer;
}

/** What is used over and over. */
export interface Scratch {
  /** The embedding layer's sum (T, E), moments (T, 2) and output (T, E). */
  readonly embedded: GPUBuffer;
  readonly embeddedMoments: GPUBuffer;
  readonly embeddedOut: GPUBuffer;
  /** (T, C): the output projected to the encoder's width, where that is another. */
  readonly projected: GPUBuffer | null;
  /** (T, C), or (T, E): gradient at a LayerNorm's input. */
  readonly dSum: GPUBuffer;
  /** (T, C): the same through the dropout before the residual. (T, E): gradient at the embedding layer's output. */
  readonly dDropped: GPUBuffer;
  /** (T, C): gradient at a layer's, or a half of a layer's, output. */
  readonly dOut: GPUBuffer;
  /** (T, I): output of GELU; gradient at its input. */
  readonly wide: GPUBuffer;
  /** (T, 3C): gradient at queries, keys and values. */
  readonly dQkv: GPUBuffer;
  /** (heads, T) */
  readonly delta: GPUBuffer;
  /** Partial sums of rows: scattered gradients, strips of LayerNorms, splits of products. */
  readonly planes: GPUBuffer;
  /** Splits of biases' gradients. */
  readonly biasPlanes: GPUBuffer;
}

/** An encoder's activations for mini-batches of up to so many tokens. */
export class Activations {
  readonly #arena: BufferArena;
  readonly #shape: EncoderShape;
  readonly #configuration: LaunchConfiguration;
  #capacity = 0;
  #layers: readonly LayerActivations[] = [];
  #scratch: Scratch | null = null;

  constructor(pass: Pass, shape: EncoderShape) {
    this.#arena = pass.session.arena();
    this.#configuration = pass.configuration;
    this.#shape = shape;
  }

  get layers(): readonly LayerActivations[] {
    return this.#layers;
  }

  get scratch(): Scratch {
    if (!this.#scratch) throw new Error('reserve() comes before any pass.');
    return this.#scratch;
  }

  /** Makes room for mini-batches of so many tokens; what was kept for a way back is gone. */
  reserve(tokens: number): void {
    if (tokens <= this.#capacity) return;
    this.#arena.clear();
    const make = (label: string, columns: number): GPUBuffer =>
      this.#arena.storage(label, 4 * tokens * columns);
    this.#layers = Array.from({ length: this.#shape.layers }, (_, layer) => this.#layer(layer, make));
    this.#scratch = this.#makeScratch(tokens, make);
    this.#capacity = tokens;
  }

  #layer(layer: number, make: (label: string, columns: number) => GPUBuffer): LayerActivations {
    const { hidden, intermediate, heads } = this.#shape;
    return {
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
    };
  }

  #makeScratch(tokens: number, make: (label: string, columns: number) => GPUBuffer): Scratch {
    const { hidden, intermediate, heads, positions } = this.#shape;
    const width = embeddingWidth(this.#shape);
    const widestRow = Math.max(hidden, width);
    // Twice the tokens: the position and type tables' gradients are scattered together.
    const partialRows = Math.max(2 * tokens, positions);
    const splitFloats = (rows: number, columns: number): number =>
      splitsOf(this.#configuration, [rows, columns, tokens]) * rows * columns;
    const planeFloats = Math.max(
      partialRows * width,
      stripFloats(tokens, widestRow),
      isProjected(this.#shape) ? splitFloats(hidden, width) : 0,
      splitFloats(3 * hidden, hidden),
      splitFloats(hidden, hidden),
      splitFloats(intermediate, hidden),
      splitFloats(hidden, intermediate),
    );
    const widest = Math.max(3 * hidden, intermediate);
    return {
      embedded: make('embedded', width),
      embeddedMoments: make('embedded moments', 2),
      embeddedOut: make('embedded output', width),
      projected: isProjected(this.#shape) ? make('embedded, projected', hidden) : null,
      dSum: make('gradient at a sum', widestRow),
      dDropped: make('gradient through dropout', widestRow),
      dOut: make('gradient at an output', hidden),
      wide: make('gradient, intermediate', intermediate),
      dQkv: make('gradient of queries, keys, values', 3 * hidden),
      delta: make('delta', heads),
      planes: this.#arena.storage('planes', 4 * planeFloats),
      biasPlanes: this.#arena.storage('planes of biases', 4 * mostSplits * widest),
    };
  }

  destroy(): void {
    this.#arena.dispose();
  }
}
