import type { Precision } from '../../gpu/launchConfiguration.ts';
import type { Trainer, TrainerOptions } from '../../gpu/training/trainer.ts';
import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { ComparisonDetails } from '../compare/details.ts';
import type { OpenedReranker } from '../compare/rerank.ts';
import type { Encoder } from '../compare/systemName.ts';
import type { Collection } from '../data/collection.ts';
import type { TrainingPairs } from '../data/fromPairs.ts';
import type { NamedSource } from '../data/lines.ts';
import type { LoadOptions } from '../data/load.ts';
import type { OpenedModel } from '../embed/openedModel.ts';
import type { ModelFiles, ModelKind } from '../models/types.ts';
import type { DatasetSpec, PairColumnsSpec, Spec } from '../spec/spec.ts';
import type { OpenedCheckpoint, TrainingIdentity } from '../training/keptTraining.ts';
import type { FolderFile } from '../training/modelFolder.ts';

/** What can be looked at before a run. */
export type CheckedPart =
  | { readonly type: 'models'; readonly kind: ModelKind }
  | { readonly type: 'system'; readonly system: Encoder }
  | { readonly type: 'reranker' }
  | { readonly type: 'trainer' };

/** What a run needs of its surroundings; the worker gives the browser's, a test its own. */
export interface Services {
  openModel(
    kind: ModelKind,
    spec: Spec,
    onDownload: (file: string, loaded: number, total: number | null) => void,
    signal: AbortSignal,
  ): Promise<OpenedModel>;
  /**
   * Looks at a part of a run before it is needed, without opening a session. @throws UserError as opening it would
   */
  check(part: CheckedPart, spec: Spec, signal: AbortSignal): Promise<void>;
  /** Bytes that may still be stored here; null where that is not known. */
  freeStorage(): Promise<number | null>;
  /** null when embeddings cannot be stored here. */
  openStore(model: OpenedModel, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  loadCollection(
    dataset: DatasetSpec,
    options: LoadOptions,
    onNotice: (sentence: string) => void,
  ): Promise<Collection>;
  createSearcher(options: SearchOptions): Promise<Searcher>;
  /** One layer of a model that a comparison names; a DE pooled as its own configuration says. */
  openSystem(system: Encoder, spec: Spec, signal: AbortSignal): Promise<OpenedModel>;
  /** The CE with its head. @throws UserError when the model is none */
  openReranker(spec: Spec, signal: AbortSignal): Promise<OpenedReranker>;
  /** Keeps logits as {@link openStore} keeps vectors, one value a pair. */
  openScoreStore(reranker: OpenedReranker, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  /** A TREC run file that was dropped, or lies below the command line's `--data`. @throws UserError when it is not there */
  openRunFile(name: string, signal: AbortSignal): Promise<NamedSource>;
  /** Keeps the ranked lists of a comparison, for looking into until the next one. */
  keepComparison(details: ComparisonDetails): void;
  /** Files of a model, none of them read yet. */
  openFiles(source: string, signal: AbortSignal): Promise<ModelFiles>;
  /** @param most pairs that are wanted; a source may give more, but a large one gives no more. */
  loadTrainingPairs(
    source: string,
    signal: AbortSignal,
    most: number,
    columns?: PairColumnsSpec,
  ): Promise<TrainingPairs>;
  /**
   * @param say told what takes time: on a GPU that was not trained on before, how its kernels are best
   *   launched is measured first
   * @throws UserError where there is no WebGPU
   */
  createTrainer(
    options: Omit<TrainerOptions, 'configuration'> & { readonly precision: Precision },
    say: (stage: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<{ readonly trainer: Trainer; readonly adapter: string }>;
  /** Keeps a trained model, which a spec then names `folder:NAME`. */
  keepModel(name: string, files: readonly FolderFile[]): Promise<void>;
  /** null when checkpoints cannot be stored here. */
  openCheckpoint(
    identity: TrainingIdentity,
    onNotice: (sentence: string) => void,
  ): Promise<OpenedCheckpoint | null>;
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
