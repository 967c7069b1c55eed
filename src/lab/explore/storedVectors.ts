import { UserError } from '../../base/userError.ts';
import { floatToHalf } from '../formats/half.ts';
import { decodeTensor, readSafetensorsHeader, writeSafetensors } from '../formats/safetensors.ts';
import type { ModelKind } from '../models/types.ts';
import type { LayerVectors } from './layerVectors.ts';

/** What stored vectors are of; a visitor's models and collection must be the same ones. */
export interface StoredVectorsOf {
  /** `collectionHash` of the documents and queries. */
  readonly collection: string;
  /** SHA-256 of each model's weights file. */
  readonly models: Readonly<Record<ModelKind, string>>;
  /** Framing, pooling and length of each model's texts, as an encoder's `key`. */
  readonly rows: Readonly<Record<ModelKind, string>>;
}

const kinds = ['ce', 'de'] as const;

/** The documents of a bundled collection that are stored: all that 60 of its queries ask for, and others. */
export const storedSample = { queries: 60, documents: 540, seed: 1 } as const;

/** A safetensors file with tensors `ce` and `de`, (L, N, C) in float16, and in its metadata what they are of. */
export function writeStoredVectors(
  of: StoredVectorsOf,
  vectors: Readonly<Record<ModelKind, LayerVectors>>,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map(
    kinds.map((kind) => {
      const { layers, texts, hiddenSize, values } = vectors[kind];
      return [
        kind,
        { shape: [layers.length, texts, hiddenSize], data: Uint16Array.from(values, floatToHalf) },
      ];
    }),
  );
  const metadata = Object.fromEntries([
    ['collection', of.collection],
    ...kinds.flatMap((kind) => [
      [`${kind}.model`, of.models[kind]],
      [`${kind}.rows`, of.rows[kind]],
      [`${kind}.layers`, vectors[kind].layers.join(' ')],
    ]),
  ]) as Record<string, string>;
  return writeSafetensors(tensors, metadata);
}

/**
 * Reads what {@link writeStoredVectors} wrote.
 * @returns null where the vectors are of other models, texts or settings than those asked for
 * @throws UserError when the file is none of them
 */
export function readStoredVectors(
  bytes: Uint8Array,
  of: StoredVectorsOf,
  file: string,
): Record<ModelKind, LayerVectors> | null {
  const { tensors, metadata } = readSafetensorsHeader(bytes, file);
  const same =
    metadata.collection === of.collection &&
    kinds.every(
      (kind) => metadata[`${kind}.model`] === of.models[kind] && metadata[`${kind}.rows`] === of.rows[kind],
    );
  if (!same) return null;
  const read = (kind: ModelKind): LayerVectors => {
    const entry = tensors.get(kind);
    const layers = (metadata[`${kind}.layers`] ?? '').split(' ').map(Number);
    const [layerCount = 0, texts = 0, hiddenSize = 0] = entry?.shape ?? [];
    if (!entry || layerCount !== layers.length || entry.end > bytes.length) {
      throw new UserError(`has no vectors "${kind}", or only a part of them; load the page again.`, { file });
    }
    const { data } = decodeTensor(bytes.subarray(entry.begin, entry.end), entry, kind, file);
    return { layers, texts, hiddenSize, values: data };
  };
  return { ce: read('ce'), de: read('de') };
}
