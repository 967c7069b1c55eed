import { Cancelled } from '../../base/userError.ts';
import { isFiniteVector } from '../../search/lastScore.ts';
import type { EmbeddingStore } from '../cache/embeddingStore.ts';
import { padBatch } from '../models/batch.ts';
import type { Batching } from '../models/batching.ts';
import type { EncodedText, LayerSession, RowEncoder } from '../models/types.ts';
import { batchesByLength } from './batchesByLength.ts';

export interface EmbedOptions {
  readonly session: LayerSession;
  readonly encoder: RowEncoder;
  readonly store: EmbeddingStore | null;
  readonly batching: Batching;
  /** Unique texts that are looked up, sorted by length and handed on together. */
  readonly chunkSize: number;
  readonly signal: AbortSignal;
  /** Called after every batch. */
  readonly onProgress?: (progress: EmbedProgress) => void;
  /** Called before a batch's vectors are stored, with what it comes to. @param row whose text is one of them */
  readonly onStore?: (row: number, progress: EmbedProgress) => void;
  /** Called once for every row, stored ones too, which are tokenised for it. */
  readonly onEncoded?: (row: number, encoded: EncodedText) => void;
  /** Called for every row whose vector is not finite. @param layers those at which it is not */
  readonly onBroken?: (row: number, layers: readonly number[]) => void;
}

export interface EmbedProgress {
  /** Texts finished so far, repeats included. */
  readonly texts: number;
  /** How many of those were found in the store. */
  readonly cached: number;
  /** Characters of all texts finished so far, repeats and stored ones included. */
  readonly characters: number;
  /** Texts run through the model, repeats left out. */
  readonly computedTexts: number;
  /** Characters of the texts that were run through the model; what time is in proportion to. */
  readonly computedCharacters: number;
  /** Tokens run through the model, padding left out. */
  readonly tokens: number;
  /** Tokens run through the model, padding included. */
  readonly paddedTokens: number;
  /** Time spent in the model and the tokeniser, without the listener's. */
  readonly seconds: number;
}

/** Vectors of some texts: `rows[i]` is an index into the texts, `vectors` is [rows.length, layers, hiddenSize]. */
export interface EmbeddedBlock {
  readonly rows: Int32Array<ArrayBuffer>;
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** Rows of equal text, by their first. */
function groupEqual(texts: readonly string[], order: Int32Array): number[][] {
  const groups = new Map<string, number[]>();
  for (const row of order) {
    const text = texts[row]!;
    const group = groups.get(text);
    if (group) group.push(row);
    else groups.set(text, [row]);
  }
  return [...groups.values()];
}

/** The name under which a text's vector is kept: read behind a prompt, a text is another. */
export function storedName({ prompt }: RowEncoder, text: string): string {
  return prompt ? `${prompt}\u0000${text}` : text;
}

/**
 * Embeds texts at every layer of the session and gives them block by block, in the order asked for.
 * Equal texts are run once; stored ones not at all. A vector that is not finite is handed on, but never stored.
 * @param order rows of `texts` to embed, each once
 * @throws Cancelled when the signal is aborted; what was computed by then is in the store.
 */
export async function* embedTexts(
  texts: readonly string[],
  order: Int32Array,
  options: EmbedOptions,
): AsyncGenerator<EmbeddedBlock> {
  const { session, encoder, store, signal } = options;
  const width = session.layers.length * session.info.hiddenSize;
  const groups = groupEqual(texts, order);
  const progress = {
    texts: 0,
    cached: 0,
    characters: 0,
    computedTexts: 0,
    computedCharacters: 0,
    tokens: 0,
    paddedTokens: 0,
    seconds: 0,
  };

  for (let start = 0; start < groups.length; start += options.chunkSize) {
    if (signal.aborted) throw new Cancelled();
    const chunk = groups.slice(start, start + options.chunkSize);
    const unique = chunk.map((group) => texts[group[0]!]!);
    const names = unique.map((text) => storedName(encoder, text));
    const block = new BlockBuilder(chunk, width);
    const stored = store ? await store.read(names) : [];
    const missing: number[] = [];
    for (let i = 0; i < chunk.length; i++) {
      const vector = stored[i];
      if (vector && isFiniteVector(vector)) {
        if (options.onEncoded) tellRows(chunk[i]!, encoder.encode(unique[i]!), options.onEncoded);
        block.set(i, vector);
        progress.texts += chunk[i]!.length;
        progress.cached += chunk[i]!.length;
        progress.characters += chunk[i]!.length * unique[i]!.length;
      } else missing.push(i);
    }
    if (missing.length < chunk.length) options.onProgress?.({ ...progress });

    const tokenised = performance.now();
    const encoded = missing.map((i) => encoder.encode(unique[i]!));
    progress.seconds += (performance.now() - tokenised) / 1000;
    const batches = batchesByLength(
      encoded.map((row) => row.inputIds.length),
      options.batching,
    );
    for (const batch of batches) {
      if (signal.aborted) throw new Cancelled();
      const started = performance.now();
      const rows: EncodedText[] = batch.map((index) => encoded[index]!);
      const padded = padBatch(rows, encoder.padTokenId);
      const pooled = await session.pooled(padded);
      progress.seconds += (performance.now() - started) / 1000;
      progress.paddedTokens += padded.rows * padded.tokens;
      const vectors = batch.map((_, b) => pooled.subarray(b * width, (b + 1) * width));
      for (let b = 0; b < batch.length; b++) {
        const i = missing[batch[b]!]!;
        block.set(i, vectors[b]!);
        if (options.onEncoded) tellRows(chunk[i]!, rows[b]!, options.onEncoded);
        const layers = brokenLayers(vectors[b]!, session);
        if (layers.length > 0 && options.onBroken) tellRows(chunk[i]!, layers, options.onBroken);
        progress.texts += chunk[i]!.length;
        progress.characters += chunk[i]!.length * unique[i]!.length;
        progress.tokens += rows[b]!.inputIds.length;
        progress.computedCharacters += unique[i]!.length;
        progress.computedTexts++;
      }
      const whole = [...batch.keys()].filter((b) => isFiniteVector(vectors[b]!));
      const [one] = whole;
      if (store && one !== undefined) options.onStore?.(chunk[missing[batch[one]!]!]![0]!, { ...progress });
      await store?.write(
        whole.map((b) => names[missing[batch[b]!]!]!),
        whole.map((b) => vectors[b]!),
      );
      options.onProgress?.({ ...progress });
    }
    yield block.finish();
  }
}

function tellRows<T>(rows: readonly number[], what: T, tell: (row: number, what: T) => void): void {
  for (const row of rows) tell(row, what);
}

/** Layers at which a text's vector is not finite; of most texts none. */
function brokenLayers(vector: Float32Array, { layers, info: { hiddenSize } }: LayerSession): number[] {
  if (isFiniteVector(vector)) return [];
  return layers.filter(
    (_, index) => !isFiniteVector(vector.subarray(index * hiddenSize, (index + 1) * hiddenSize)),
  );
}

/** Gathers the vectors of a chunk's groups, a group's vector at the places of all its rows. */
class BlockBuilder {
  readonly #groups: readonly (readonly number[])[];
  readonly #width: number;
  readonly #rows: Int32Array<ArrayBuffer>;
  readonly #first: Int32Array;
  readonly #vectors: Float32Array<ArrayBuffer>;

  /** @param width floats of a text's vector, layers times hidden size */
  constructor(groups: readonly (readonly number[])[], width: number) {
    this.#groups = groups;
    this.#width = width;
    this.#rows = Int32Array.from(groups.flat());
    this.#first = new Int32Array(groups.length);
    let at = 0;
    for (let i = 0; i < groups.length; i++) {
      this.#first[i] = at;
      at += groups[i]!.length;
    }
    this.#vectors = new Float32Array(this.#rows.length * width);
  }

  set(group: number, vector: Float32Array): void {
    for (let copy = 0; copy < this.#groups[group]!.length; copy++) {
      this.#vectors.set(vector, (this.#first[group]! + copy) * this.#width);
    }
  }

  finish(): EmbeddedBlock {
    return { rows: this.#rows, vectors: this.#vectors };
  }
}
