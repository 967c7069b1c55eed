import { Breath } from '../../base/yielding.ts';
import { type LayerVectors, vectorsAt } from './layerVectors.ts';
import { addToGram, directionsOfGram, type PrincipalDirections, project } from './principal.ts';
import { procrustes } from './procrustes.ts';

/** Texts of one layer in two dimensions. */
export interface LayerMap {
  readonly layer: number;
  /** (N, 2): documents, then queries; their mean is 0, and the mean of their squared lengths 1. */
  readonly points: Float64Array<ArrayBuffer>;
  /** Share of the layer's variance that the two directions keep, 0 to 1. */
  readonly kept: number;
}

/**
 * The principal components of all layers of a model together: the two directions along which texts spread most, each
 * layer taken from its own mean. All layers are projected onto them, and each is then turned onto the one before, so
 * that a text that moves between two layers moved against the others.
 * @param parts vectors of the same layers, as of documents and of queries
 * @throws Cancelled when the signal is aborted
 */
export async function layerMaps(parts: readonly LayerVectors[], signal: AbortSignal): Promise<LayerMap[]> {
  const { layers, hiddenSize } = parts[0]!;
  const breath = new Breath(signal);
  const gram = new Float64Array(hiddenSize ** 2);
  const means: Float64Array<ArrayBuffer>[] = [];
  for (const position of layers.keys()) {
    const values = parts.map((part) => vectorsAt(part, position));
    const mean = meanOf(values, hiddenSize);
    for (const some of values) addToGram(gram, some, hiddenSize, mean);
    means.push(mean);
    await breath.take();
  }
  const { directions } = directionsOfGram(gram, hiddenSize, 2);
  const maps: LayerMap[] = [];
  for (const [position, layer] of layers.entries()) {
    const values = parts.map((part) => vectorsAt(part, position));
    const { points, kept } = projected(values, hiddenSize, { directions, mean: means[position]! });
    const before = maps.at(-1);
    maps.push({ layer, kept, points: alignedTo(points, before?.points ?? null) });
    await breath.take();
  }
  return maps;
}

/** Points (N, 2) turned onto others of unit spread, and brought to unit spread; by themselves where there are none. */
export function alignedTo(points: Float64Array, target: Float64Array | null): Float64Array<ArrayBuffer> {
  const turned = target ? procrustes(points, target) : points;
  const count = Math.max(1, points.length / 2);
  const mean = meanOf([turned], 2);
  const moved = turned.map((value, at) => value - mean[at % 2]!);
  const spread = Math.sqrt(moved.reduce((sum, value) => sum + value ** 2, 0) / count);
  return Float64Array.from(moved, (value) => (spread > 0 ? value / spread : 0));
}

/** The mean row of several blocks (N, C). */
function meanOf(blocks: readonly ArrayLike<number>[], columns: number): Float64Array<ArrayBuffer> {
  const rows = blocks.reduce((sum, { length }) => sum + length / columns, 0);
  const mean = new Float64Array(columns);
  for (const block of blocks) {
    for (let at = 0; at < block.length; at += columns) {
      for (let i = 0; i < columns; i++) mean[i]! += block[at + i]! / rows;
    }
  }
  return mean;
}

function projected(
  blocks: readonly Float32Array[],
  columns: number,
  basis: Pick<PrincipalDirections, 'directions' | 'mean'>,
): { readonly points: Float64Array; readonly kept: number } {
  const parts = blocks.map((block) => project(block, columns, basis));
  const points = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    points.set(part, at);
    at += part.length;
  }
  let whole = 0;
  for (const block of blocks) {
    for (let i = 0; i < block.length; i++) whole += (block[i]! - basis.mean[i % columns]!) ** 2;
  }
  const along = points.reduce((sum, value) => sum + value ** 2, 0);
  return { points, kept: whole > 0 ? along / whole : 0 };
}
