import type { Searcher, SearchOptions } from '../../gpu/search/searcher.ts';
import type { Collection } from '../data/collection.ts';
import type { LayerSession, ModelKind, RowEncoder } from '../models/types.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import type { EmbeddingStore } from './embed.ts';

export interface OpenedModel {
  readonly session: LayerSession;
  readonly encoder: RowEncoder;
  /** Identifies the tokeniser's vocabulary and rules. */
  readonly tokenizerHash: string;
}

/** A store and how to leave it; null stores are said why in a notice. */
export interface OpenedStore extends EmbeddingStore {
  close(): Promise<void>;
}

/** What a run needs of its surroundings; the worker gives the browser's, a test its own. */
export interface Services {
  openModel(
    kind: ModelKind,
    spec: Spec,
    onDownload: (file: string, loaded: number, total: number | null) => void,
    signal: AbortSignal,
  ): Promise<OpenedModel>;
  /** null when embeddings cannot be stored here. */
  openStore(model: OpenedModel, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  loadCollection(
    dataset: DatasetSpec,
    signal: AbortSignal,
    onNotice: (sentence: string) => void,
  ): Promise<Collection>;
  createSearcher(options: SearchOptions): Promise<Searcher>;
  /** What the machine is, for the report. */
  machine(): Promise<{
    readonly userAgent: string;
    readonly adapter: string | null;
    readonly hardwareConcurrency: number;
    readonly crossOriginIsolated: boolean;
    readonly versions: Readonly<Record<string, string>>;
    readonly appVersion: string;
  }>;
}
