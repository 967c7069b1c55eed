import type { ModelKind } from '../models/types.ts';
import { attentionBlock, type HeadFlow, headFlows } from './attentionFlow.ts';
import {
  type CrossReading,
  type InspectedPair,
  type InspectedText,
  inspectApart,
  readAcross,
} from './inspectPair.ts';
import type { OpenedPair } from './openPair.ts';

/** A pair as the page draws it and the command line prints it. */
export interface SeenPair {
  readonly texts: { readonly query: string; readonly document: string };
  /** Sources of the models. */
  readonly models: Readonly<Record<ModelKind, string>>;
  /** Each text read by itself. */
  readonly apart: Readonly<Record<ModelKind, InspectedPair>>;
  readonly across: SeenReading;
  /** What must be known to read the figures, in sentences. */
  readonly notes: readonly string[];
  /** Milliseconds from the call to the figures, without opening the models. */
  readonly milliseconds: number;
}

/** What the CE makes of the real pair. */
export interface SeenReading {
  readonly query: InspectedText;
  readonly document: InspectedText;
  /** What a reranker ranks by; null for a model without a head. */
  readonly logit: number | null;
  /** In words what that is. */
  readonly logitWords: string | null;
  readonly logits: readonly { readonly label: string; readonly value: number }[];
  readonly attention: SeenAttention | { readonly why: string };
}

/** The attention that crosses between the texts. */
export interface SeenAttention {
  readonly heads: number;
  readonly layers: readonly SeenAttentionLayer[];
}

export interface SeenAttentionLayer {
  readonly layer: number;
  /** Of each head, how much crosses; most first. */
  readonly flows: readonly HeadFlow[];
  /** (H, Tq, Td): from each query token to each document token. */
  readonly toDocument: Float32Array<ArrayBuffer>;
  /** (H, Td, Tq): from each document token to each query token. */
  readonly toQuery: Float32Array<ArrayBuffer>;
}

/** Reads a pair in every way that is shown. */
export async function seePair(models: OpenedPair, query: string, document: string): Promise<SeenPair> {
  const started = performance.now();
  const apart = {
    ce: await inspectApart(models.ce, query, document),
    de: await inspectApart(models.de, query, document),
  };
  const reading = await readAcross(models.ce, query, document);
  const { head } = models;
  const across: SeenReading = {
    query: reading.query,
    document: reading.document,
    logit: head && reading.logits.length > 0 ? head.relevance(reading.logits) : null,
    logitWords: head?.words ?? null,
    logits: reading.logits.map((value, index) => ({ label: head?.labels[index] ?? String(index), value })),
    attention: crossing(reading),
  };
  return {
    texts: { query, document },
    models: { ce: models.ce.session.info.source, de: models.de.session.info.source },
    apart,
    across,
    notes: [...models.notes, ...notesOn(apart, reading)],
    milliseconds: performance.now() - started,
  };
}

function crossing({ attention }: CrossReading): SeenReading['attention'] {
  if (!('values' in attention)) return attention;
  const { layers, heads, values, query, document } = attention;
  return {
    heads,
    layers: layers.map((layer, index) => {
      const shares = values[index]!;
      const size = query.length * document.length;
      const toDocument = new Float32Array(heads * size);
      const toQuery = new Float32Array(heads * size);
      for (let head = 0; head < heads; head++) {
        toDocument.set(attentionBlock(shares, heads, head, query, document), head * size);
        toQuery.set(attentionBlock(shares, heads, head, document, query), head * size);
      }
      return { layer, flows: headFlows(shares, heads, { query, document }), toDocument, toQuery };
    }),
  };
}

const textNames = ['query', 'document'] as const;

function notesOn(apart: SeenPair['apart'], across: CrossReading): string[] {
  return textNames.flatMap((text) => [
    ...emptyOrUnknown(text, apart),
    ...cutApart(text, apart),
    ...cutAcross(text, across),
  ]);
}

function emptyOrUnknown(text: 'query' | 'document', apart: SeenPair['apart']): string[] {
  return (['ce', 'de'] as const).flatMap((kind) => {
    const name = kind.toUpperCase();
    const { whole, known } = apart[kind][text];
    if (whole === 0) {
      return [
        `The ${name}’s tokeniser leaves nothing of the ${text}: its vector is that of the first token, and there is no token to compare.`,
      ];
    }
    if (known === whole) return [];
    return known === 0
      ? [
          `The ${name}’s vocabulary knows no token of the ${text}; it reads the unknown token only, alike for all such texts.`,
        ]
      : [`The ${name}’s vocabulary knows ${known} of the ${text}’s ${whole} tokens.`];
  });
}

function cutApart(text: 'query' | 'document', apart: SeenPair['apart']): string[] {
  return (['ce', 'de'] as const).flatMap((kind) => {
    const { tokens, whole } = apart[kind][text];
    if (tokens.length >= whole) return [];
    const twice = kind === 'ce' ? ', which it reads paired with itself' : '';
    return [
      `Of the ${text}’s ${whole} tokens the ${kind.toUpperCase()} reads the first ${tokens.length}${twice}; the rest is cut off.`,
    ];
  });
}

function cutAcross(text: 'query' | 'document', across: CrossReading): string[] {
  const { tokens, whole } = across[text];
  return tokens.length < whole
    ? [`In the real pair the CE reads the first ${tokens.length} of the ${text}’s ${whole} tokens.`]
    : [];
}
