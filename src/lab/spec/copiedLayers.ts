import type { TrainSpec } from './spec.ts';

/** What a model to train is made of. */
export type StartSpec = Pick<TrainSpec, 'init' | 'layers' | 'copyLayers'> & {
  readonly copy?: readonly number[] | null;
};

/** Encoder layers of the source that the model's first layers are copied from, in their order; 0 is the first. */
export function copiedLayers({ init, copyLayers, copy }: StartSpec): readonly number[] {
  if (init === 'random') return [];
  return copy ?? Array.from({ length: copyLayers }, (_, layer) => layer);
}

/** "1 and 5", "0, 3 and 6". */
export function listOf(layers: readonly number[]): string {
  const last = layers.at(-1);
  return layers.length < 2 ? `${last}` : `${layers.slice(0, -1).join(', ')} and ${last}`;
}
