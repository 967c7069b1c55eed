import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import type { RowEncoder } from '../models/types.ts';
import { type DocumentFrequency, documentFrequency, inverseDocumentFrequency } from './documentFrequency.ts';
import type { OpenedModel } from './openModel.ts';

/**
 * Makes the mean over a text's tokens one that is weighted by their IDF; a token that stands in the text twice counts
 * twice. Which tokens are pooled stays as it is, but special tokens, [CLS] too, weigh 0. Where all do, as in a text of
 * unknown tokens alone, the mean is as it was, and the row says so.
 * @param frequency counted over a collection's documents; a token of none of them has the largest weight
 */
export function weightedEncoder(
  encoder: RowEncoder,
  frequency: DocumentFrequency,
  specials: ReadonlySet<number>,
): RowEncoder {
  return {
    ...encoder,
    key: `${encoder.key} idf ${frequencyHash(frequency)}`,
    encode(text) {
      const row = encoder.encode(text);
      const pool = new Float32Array(row.pool.length);
      for (const [from, to] of row.spans) {
        for (let t = from; t < to; t++) {
          const token = row.inputIds[t]!;
          if (!specials.has(token)) pool[t] = row.pool[t]! * inverseDocumentFrequency(frequency, token);
        }
      }
      return pool.some((weight) => weight > 0) ? { ...row, pool } : { ...row, weightless: true };
    },
  };
}

/** Identifies what was counted: equal counts give equal weights. */
function frequencyHash({ documents, counts }: DocumentFrequency): string {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([documents, sorted])))).slice(0, 16);
}

/** A model as it pools the texts of a collection; itself where tokens count alike. */
export function idfPooled(model: OpenedModel, documents: readonly string[]): OpenedModel {
  const { idf, ...plain } = model;
  if (!idf) return model;
  const { content, specials } = idf;
  const frequency = documentFrequency(
    (function* () {
      for (const text of documents) yield content(text);
    })(),
  );
  const encoder = weightedEncoder(plain.encoder, frequency, specials);
  return {
    ...plain,
    encoder,
    ...(plain.queryEncoder ? { queryEncoder: weightedEncoder(plain.queryEncoder, frequency, specials) } : {}),
    weights:
      `tokens weigh by their IDF in the ${frequency.documents.toLocaleString('en')} documents searched, ` +
      'ln((1 + N) / (1 + n)) + 1, N documents of which n have the token; one that no document has weighs most, ' +
      `special and unknown tokens 0 (counts ${frequencyHash(frequency)}).`,
  };
}

/** A model and where its vectors are kept. */
export interface StoredModel {
  readonly model: OpenedModel;
  /** null where they are not, or where each collection has a store of its own. */
  readonly store: OpenedStore | null;
}

/** Opens what keeps a model's vectors of all collections; weighted by IDF, each collection has others. */
export async function sharedStore(
  model: OpenedModel,
  openStore: (model: OpenedModel) => Promise<OpenedStore | null>,
): Promise<OpenedStore | null> {
  return model.idf ? null : await openStore(model);
}

/** Does some work with a model as it pools a collection's texts, and with the store of these vectors. */
export async function forCollection<T>(
  { model, store }: StoredModel,
  { corpus }: Pick<Collection, 'corpus'>,
  openStore: (model: OpenedModel) => Promise<OpenedStore | null>,
  work: (model: OpenedModel, store: OpenedStore | null) => Promise<T>,
): Promise<T> {
  if (!model.idf) return await work(model, store);
  const weighted = idfPooled(model, corpus.texts);
  const own = await openStore(weighted);
  try {
    return await work(weighted, own);
  } finally {
    await own?.close();
  }
}
