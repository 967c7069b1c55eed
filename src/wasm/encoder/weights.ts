import { type EncoderShape, positionTable, wordTable } from '../../base/bertShape.ts';
import type { Kernels } from '../kernels.ts';
import { Region } from '../region.ts';

/** A parameter by the hub's name, as PyTorch stores it. */
export type Parameters = (name: string) => Float32Array;

interface LinearPlaces {
  /** (out / 8, in, 8) */
  readonly weight: number;
  readonly bias: number;
}

interface NormPlaces {
  readonly gamma: number;
  readonly beta: number;
}

/** Where the weights of a layer lie, in bytes. */
export interface LayerPlaces {
  /** To 3 hidden: queries, keys, values. */
  readonly qkv: LinearPlaces;
  readonly output: LinearPlaces;
  readonly attentionNorm: NormPlaces;
  readonly up: LinearPlaces;
  readonly down: LinearPlaces;
  readonly norm: NormPlaces;
}

/** Where an encoder lies in memory. */
export interface EncoderPlaces {
  /** The number of the next task, int32. */
  readonly counter: number;
  readonly zeros: number;
  readonly words: number;
  readonly positions: number;
  readonly kinds: number;
  readonly norm: NormPlaces;
  readonly layers: readonly LayerPlaces[];
  /** The first byte behind. */
  readonly end: number;
}

/** @param depth layers that are run, of the shape's */
export function placeWeights(shape: EncoderShape, depth: number): EncoderPlaces {
  const { vocabulary, positions, types, hidden, intermediate } = shape;
  // The null pointer stays unused.
  const region = new Region(1);
  const norm = (): NormPlaces => ({ gamma: region.take(hidden), beta: region.take(hidden) });
  const linear = (outs: number, ins: number): LinearPlaces => ({
    weight: region.take(outs * ins),
    bias: region.take(outs),
  });
  return {
    counter: region.take(1),
    zeros: region.take(Math.max(positions, hidden) + 8),
    words: region.take(vocabulary * hidden),
    positions: region.take(positions * hidden),
    kinds: region.take(types * hidden),
    norm: norm(),
    layers: Array.from({ length: depth }, () => ({
      qkv: linear(3 * hidden, hidden),
      output: linear(hidden, hidden),
      attentionNorm: norm(),
      up: linear(intermediate, hidden),
      down: linear(hidden, intermediate),
      norm: norm(),
    })),
    end: region.end,
  };
}

/** Bytes behind the weights that {@link writeWeights} needs while it packs. */
export function packingBytes({ hidden, intermediate }: EncoderShape): number {
  return 4 * hidden * Math.max(3 * hidden, intermediate);
}

/**
 * Copies an encoder's parameters to their places, its matrices packed as products read them.
 * @param memory with {@link packingBytes} behind the places
 */
export function writeWeights(
  kernels: Kernels,
  memory: WebAssembly.Memory,
  { shape, places, parameters }: { shape: EncoderShape; places: EncoderPlaces; parameters: Parameters },
): void {
  const { hidden, intermediate } = shape;
  const write = (at: number, names: readonly string[]): void => {
    let to = at / 4;
    const memory32 = new Float32Array(memory.buffer);
    for (const name of names) {
      const values = parameters(name);
      memory32.set(values, to);
      to += values.length;
    }
  };
  const norm = ({ gamma, beta }: NormPlaces, stem: string): void => {
    write(gamma, [`${stem}.weight`]);
    write(beta, [`${stem}.bias`]);
  };
  const linear = (
    { weight, bias }: LinearPlaces,
    stems: readonly string[],
    size: readonly [number, number],
  ) => {
    write(
      bias,
      stems.map((stem) => `${stem}.bias`),
    );
    write(
      places.end,
      stems.map((stem) => `${stem}.weight`),
    );
    const [outs, ins] = size;
    kernels.packTransposed(weight, places.end, ins, outs, ins);
  };
  write(places.words, [wordTable]);
  write(places.positions, [positionTable]);
  write(places.kinds, ['embeddings.token_type_embeddings.weight']);
  norm(places.norm, 'embeddings.LayerNorm');
  for (const [layer, at] of places.layers.entries()) {
    const stem = `encoder.layer.${layer}`;
    const self = ['query', 'key', 'value'].map((part) => `${stem}.attention.self.${part}`);
    linear(at.qkv, self, [3 * hidden, hidden]);
    linear(at.output, [`${stem}.attention.output.dense`], [hidden, hidden]);
    norm(at.attentionNorm, `${stem}.attention.output.LayerNorm`);
    linear(at.up, [`${stem}.intermediate.dense`], [intermediate, hidden]);
    linear(at.down, [`${stem}.output.dense`], [hidden, intermediate]);
    norm(at.norm, `${stem}.output.LayerNorm`);
  }
}
