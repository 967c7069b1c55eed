import { padBatch } from '../models/batch.ts';
import type { PairEncoder } from '../models/tokenise.ts';
import type { EncodedText, InspectSession, ModelKind, RowEncoder } from '../models/types.ts';
import { type MaxSim, maxSim, type TokenSimilarity, tokenSimilarity } from './maxSim.ts';

/** A model opened to look inside. */
export interface InspectedModel {
  readonly session: InspectSession;
  /** Frames one text: for a CE the text paired with itself, whose first copy is looked at. */
  readonly encoder: RowEncoder;
  /** The tokens of ids, as the tokenizer writes them. */
  tokens(ids: Int32Array): string[];
}

/** A cross encoder, which reads real pairs too. */
export interface InspectedCrossEncoder extends InspectedModel {
  readonly pairs: PairEncoder;
}

/** One text as a model reads it. */
export interface InspectedText {
  /** Without specials, cut as the model's length demands. */
  readonly tokens: readonly string[];
}

/** What one layer makes of the two texts, each read by itself. */
export interface LayerSimilarity {
  readonly layer: number;
  /** From the pooled vectors, those that layer-wise curves are drawn from. */
  readonly cosine: number;
  readonly similarity: TokenSimilarity;
  readonly maxSim: MaxSim;
}

export interface InspectedPair {
  readonly query: InspectedText;
  readonly document: InspectedText;
  readonly layers: readonly LayerSimilarity[];
}

/** What a CE makes of the real pair. */
export interface CrossReading {
  /** Query and document as they stand in the pair, which may be cut further than each alone. */
  readonly query: InspectedText;
  readonly document: InspectedText;
  /** One a label of the head, no activation. */
  readonly logits: readonly number[];
  readonly attention: CrossAttention | { readonly why: string };
}

export interface CrossAttention {
  readonly layers: readonly number[];
  readonly heads: number;
  /** Tokens of the row, specials included. */
  readonly tokens: number;
  /** (H, T, T) of each layer in `layers`. */
  readonly values: readonly Float32Array<ArrayBuffer>[];
  /** Positions of the texts' tokens in the row. */
  readonly query: readonly number[];
  readonly document: readonly number[];
}

/** Both texts read each by itself: cosine of the pooled vectors, and token by token, at every layer. */
export async function inspectApart(
  model: InspectedModel,
  query: string,
  document: string,
): Promise<InspectedPair> {
  const { session, encoder } = model;
  const rows = [encoder.encode(query), encoder.encode(document)] as const;
  const batch = padBatch(rows, encoder.padTokenId);
  const { states, pooled } = await session.inspect(batch);
  const size = session.info.hiddenSize;
  const layerCount = session.layers.length;
  const statesOf = (row: 0 | 1, layer: number): Float32Array => {
    const [from, to] = rows[row].spans[0] ?? [0, 0];
    const start = (row * layerCount + layer) * batch.tokens;
    return states.subarray((start + from) * size, (start + to) * size);
  };
  const layers = session.layers.map((layer, index) => {
    const similarity = tokenSimilarity(statesOf(0, index), statesOf(1, index), size);
    const vector = (row: number): Float32Array =>
      pooled.subarray((row * layerCount + index) * size, (row * layerCount + index + 1) * size);
    return {
      layer,
      cosine: tokenSimilarity(vector(0), vector(1), size).values[0]!,
      similarity,
      maxSim: maxSim(similarity),
    };
  });
  return { query: textOf(model, rows[0], 0), document: textOf(model, rows[1], 0), layers };
}

/** The pair as a reranker reads it: its logits, and the attention between the texts. */
export async function readAcross(
  model: InspectedCrossEncoder,
  query: string,
  document: string,
): Promise<CrossReading> {
  const { session, pairs } = model;
  const row = pairs.join(pairs.content(query), pairs.content(document));
  const batch = padBatch([row], pairs.padTokenId);
  const { logits, attention, heads } = await session.inspect(batch);
  return {
    query: textOf(model, row, 0),
    document: textOf(model, row, 1),
    logits: logits ? [...logits] : [],
    attention: session.attention.given
      ? {
          layers: session.attention.layers,
          heads,
          tokens: batch.tokens,
          values: attention,
          query: positions(row, 0),
          document: positions(row, 1),
        }
      : { why: session.attention.why },
  };
}

/** What a text without one of its words changes. */
export interface Ablation {
  /** Logits of the CE on the pair. */
  readonly logits: readonly number[];
  /** Cosine of the pooled vectors at each layer of each model. */
  readonly cosines: Readonly<Record<ModelKind, readonly number[]>>;
}

/** Reads several pairs, each as {@link inspectApart} and {@link readAcross} do, without what is not asked of them. */
export async function scorePairsAtLayers(
  models: { readonly ce: InspectedCrossEncoder; readonly de: InspectedModel },
  texts: readonly { readonly query: string; readonly document: string }[],
): Promise<Ablation[]> {
  const scored: Ablation[] = [];
  for (const { query, document } of texts) {
    const ce = await inspectApart(models.ce, query, document);
    const de = await inspectApart(models.de, query, document);
    const { logits } = await readAcross(models.ce, query, document);
    scored.push({
      logits,
      cosines: { ce: ce.layers.map(({ cosine }) => cosine), de: de.layers.map(({ cosine }) => cosine) },
    });
  }
  return scored;
}

function positions({ spans }: EncodedText, text: number): number[] {
  const [from, to] = spans[text] ?? [0, 0];
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function textOf(model: InspectedModel, { inputIds, spans }: EncodedText, text: number): InspectedText {
  const [from, to] = spans[text] ?? [0, 0];
  return { tokens: model.tokens(inputIds.subarray(from, to)) };
}
