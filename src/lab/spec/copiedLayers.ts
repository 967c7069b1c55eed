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

/** "0, 5" or "0 5" as typed; null for nothing, and for what is no such list. */
export function readList(text: string): readonly number[] | null {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => /^\d{1,2}$/.test(part)) ? parts.map(Number) : null;
}

/** Why a list cannot be the layers that a model of so many takes, in one sentence; null where it can. */
export function wrongList(text: string, layers: number): string | null {
  if (text.trim() === '') return null;
  const list = readList(text);
  if (list === null || list.some((layer) => layer > 47)) return 'Enter numbers from 0 to 47, such as 0, 5.';
  return list.length > layers ? `The model has ${layers} layers; name as many at most.` : null;
}
