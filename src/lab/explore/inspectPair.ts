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
  /** Tokens before the cut, and how many of those the vocabulary knows. */
  readonly whole: number;
  readonly known: number;
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

/** One text read by itself. */
interface TextReading {
  readonly text: InspectedText;
  /** (Tq, C) of each layer, the text's own tokens alone. */
  readonly states: readonly Float32Array[];
  /** (C) of each layer. */
  readonly pooled: readonly Float32Array[];
}

async function readText(model: InspectedModel, text: string): Promise<TextReading> {
  const { session, encoder } = model;
  const row = encoder.encode(text);
  const batch = padBatch([row], encoder.padTokenId);
  const { states, pooled } = await session.inspect(batch);
  const size = session.info.hiddenSize;
  const [from, to] = row.spans[0] ?? [0, 0];
  const statesOf = (index: number): Float32Array => {
    const start = index * batch.tokens;
    return states.subarray((start + from) * size, (start + to) * size);
  };
  return {
    text: textOf(model, row),
    states: session.layers.map((_, index) => statesOf(index)),
    pooled: session.layers.map((_, index) => pooled.slice(index * size, (index + 1) * size)),
  };
}

const cosine = (a: Float32Array, b: Float32Array): number => tokenSimilarity(a, b, a.length).values[0]!;

/** Both texts read each by itself: cosine of the pooled vectors, and token by token, at every layer. */
export async function inspectApart(
  model: InspectedModel,
  query: string,
  document: string,
): Promise<InspectedPair> {
  const { session } = model;
  const first = await readText(model, query);
  const second = await readText(model, document);
  const layers = session.layers.map((layer, index) => {
    const similarity = tokenSimilarity(first.states[index]!, second.states[index]!, session.info.hiddenSize);
    return {
      layer,
      cosine: cosine(first.pooled[index]!, second.pooled[index]!),
      similarity,
      maxSim: maxSim(similarity),
    };
  });
  return { query: first.text, document: second.text, layers };
}

/** The pair as a reranker reads it: its logits, and the attention between the texts. */
export async function readAcross(
  model: InspectedCrossEncoder,
  query: string,
  document: string,
): Promise<CrossReading> {
  const { session, pairs, encoder } = model;
  const [first, second] = [(pairs.prompt ?? '') + query, document];
  const row = pairs.join(pairs.content(first), pairs.content(second));
  const batch = padBatch([row], pairs.padTokenId);
  const { logits, attention, heads } = await session.inspect(batch);
  return {
    query: textOf(model, row, 0, encoder.encode(first).content),
    document: textOf(model, row, 1, encoder.encode(second).content),
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

/** Scores pairs as {@link inspectApart} and {@link readAcross} do, a text that stands in many of them read once. */
export function pairScorer(models: {
  readonly ce: InspectedCrossEncoder;
  readonly de: InspectedModel;
}): (pair: { readonly query: string; readonly document: string }) => Promise<Ablation> {
  const known = {
    ce: new Map<string, TextReading['pooled']>(),
    de: new Map<string, TextReading['pooled']>(),
  };
  const pooledOf = async (kind: ModelKind, text: string): Promise<TextReading['pooled']> => {
    const pooled = known[kind].get(text) ?? (await readText(models[kind], text)).pooled;
    known[kind].set(text, pooled);
    return pooled;
  };
  return async ({ query, document }) => {
    const cosines = async (kind: ModelKind): Promise<number[]> => {
      const [first, second] = [await pooledOf(kind, query), await pooledOf(kind, document)];
      return first.map((vector, index) => cosine(vector, second[index]!));
    };
    return {
      logits: (await readAcross(models.ce, query, document)).logits,
      cosines: { ce: await cosines('ce'), de: await cosines('de') },
    };
  };
}

function positions({ spans }: EncodedText, text: number): number[] {
  const [from, to] = spans[text] ?? [0, 0];
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function textOf(
  model: InspectedModel,
  { inputIds, spans, content: own }: EncodedText,
  text = 0,
  content = own,
): InspectedText {
  const [from, to] = spans[text] ?? [0, 0];
  return {
    tokens: model.tokens(inputIds.subarray(from, to)),
    whole: content?.tokens ?? to - from,
    known: content?.known ?? to - from,
  };
}
