import type { ModelKind } from '../models/types.ts';
import { crossing, type HeadFlow } from './attentionFlow.ts';
import type { LayerSimilarity } from './inspectPair.ts';
import type { SeenPair } from './seenPair.ts';
import { attentionGrids, type TokenGrid } from './tokenGrid.ts';

interface ModelLayer {
  readonly cosine: number;
  readonly maxSim: number;
}

/** A pair as one JSON document, which `inspect` prints and the page keeps. */
export interface PairDocument {
  readonly models: SeenPair['models'];
  readonly query: DocumentText;
  readonly document: DocumentText;
  /** What a reranker ranks by; null for a CE without a head. */
  readonly logit: number | null;
  readonly logits: Readonly<Record<string, number>>;
  /** null for a model that has no such layer. */
  readonly layers: readonly {
    readonly layer: number;
    readonly ce: ModelLayer | null;
    readonly de: ModelLayer | null;
  }[];
  /** Heads by how much attention crosses, most first; null where the export gives no attention. */
  readonly heads: readonly (HeadFlow & { readonly layer: number })[] | null;
  /** Matrices of one layer, where one is asked for. */
  readonly detail?: LayerDetail;
  readonly notes: readonly string[];
}

interface DocumentText {
  readonly text: string;
  /** Of the CE reading the text by itself. */
  readonly tokens: readonly string[];
  readonly deTokens: readonly string[];
}

interface LayerDetail {
  readonly layer: number;
  readonly ce: SimilarityDetail | null;
  readonly de: SimilarityDetail | null;
  /** Mean of all heads, query tokens of the pair by its document tokens; null where it is not given. */
  readonly attention: {
    readonly query: readonly string[];
    readonly document: readonly string[];
    readonly queryToDocument: readonly (readonly number[])[];
    readonly documentToQuery: readonly (readonly number[])[];
  } | null;
}

interface SimilarityDetail {
  /** Query tokens by document tokens. */
  readonly similarity: readonly (readonly number[])[];
  /** What each query token adds to MaxSim, and the document token that it takes it from. */
  readonly parts: readonly number[];
  readonly matches: readonly number[];
}

/** @param layer whose matrices are added; null for none */
export function pairDocument(seen: SeenPair, layer: number | null): PairDocument {
  const { texts, models, apart, across, notes } = seen;
  const text = (name: 'query' | 'document'): DocumentText => ({
    text: texts[name],
    tokens: apart.ce[name].tokens,
    deTokens: apart.de[name].tokens,
  });
  const at = (kind: ModelKind, asked: number): LayerSimilarity | undefined =>
    apart[kind].layers.find((one) => one.layer === asked);
  const brief = (found: LayerSimilarity | undefined): ModelLayer | null =>
    found ? { cosine: found.cosine, maxSim: found.maxSim.score } : null;
  return {
    models,
    query: text('query'),
    document: text('document'),
    logit: across.logit,
    logits: Object.fromEntries(across.logits.map(({ label, value }) => [label, value])),
    layers: layersOf(seen).map((one) => ({ layer: one, ce: brief(at('ce', one)), de: brief(at('de', one)) })),
    heads: rankedHeads(seen),
    ...(layer === null
      ? {}
      : {
          detail: {
            layer,
            ce: similarityDetail(at('ce', layer)),
            de: similarityDetail(at('de', layer)),
            attention: attentionDetail(seen, layer),
          },
        }),
    notes: 'why' in across.attention ? [...notes, attentionMissing(across.attention.why)] : notes,
  };
}

/** Layers that either model has, ascending. */
export function layersOf({ apart }: SeenPair): number[] {
  const all = [...apart.ce.layers, ...apart.de.layers].map(({ layer }) => layer);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The layer that is asked for, or the last where neither model has it. */
export function shownLayer(seen: SeenPair, asked: number): number {
  const layers = layersOf(seen);
  return layers.includes(asked) ? asked : layers.at(-1)!;
}

export function attentionMissing(why: string): string {
  return `Attention is not there: ${why}.`;
}

function rankedHeads({ across: { attention } }: SeenPair): PairDocument['heads'] {
  if ('why' in attention) return null;
  return attention.layers
    .flatMap(({ layer, flows }) => flows.map((flow) => ({ layer, ...flow })))
    .sort((a, b) => crossing(b) - crossing(a));
}

function similarityDetail(found: LayerSimilarity | undefined): SimilarityDetail | null {
  if (!found) return null;
  const { similarity, maxSim } = found;
  return {
    similarity: lines(similarity.values, similarity.rows, similarity.columns),
    parts: maxSim.parts,
    matches: maxSim.matches,
  };
}

function attentionDetail({ across }: SeenPair, layer: number): LayerDetail['attention'] {
  const { attention, query, document } = across;
  if ('why' in attention) return null;
  const found = attention.layers.find((one) => one.layer === layer);
  if (!found) return null;
  const { toDocument, toQuery } = attentionGrids(across, attention, found, null, false);
  const matrix = ({ values, rows, columns }: TokenGrid) => lines(values, rows.length, columns.length);
  return {
    query: query.tokens,
    document: document.tokens,
    queryToDocument: matrix(toDocument),
    documentToQuery: matrix(toQuery),
  };
}

function lines(values: Float32Array, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
}
