import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { OpenedReranker } from '../compare/rerank.ts';
import type { Collection } from '../data/collection.ts';
import type { NamedSource } from '../data/lines.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import type { DataNotes } from '../report/dataNotes.ts';
import type { Spec } from '../spec/spec.ts';
import type { Encoder } from '../spec/systemName.ts';
import type { RunListener } from './events.ts';
import type { RunJournal } from './runJournal.ts';

/** What a comparison needs of its surroundings. */
export interface CompareServices {
  /** One layer of a model that a comparison names; a DE pooled as its own configuration says. */
  openSystem(system: Encoder, spec: Spec, signal: AbortSignal): Promise<OpenedModel>;
  /** null when embeddings cannot be stored here. */
  openStore(model: OpenedModel, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  /** The CE with its head. @throws UserError when the model is none */
  openReranker(spec: Spec, signal: AbortSignal): Promise<OpenedReranker>;
  /** Looks at a system, or at the reranker, without opening a session. @throws UserError as opening it would */
  checkSystem(system: Encoder, spec: Spec, signal: AbortSignal): Promise<void>;
  /** Numbers of a system's vectors, by its configuration alone. @throws UserError where that cannot be read */
  systemWidth(system: Encoder, spec: Spec, signal: AbortSignal): Promise<number>;
  checkReranker(spec: Spec, signal: AbortSignal): Promise<void>;
  /** Keeps logits as {@link openStore} keeps vectors, one value a pair. */
  openScoreStore(reranker: OpenedReranker, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  /** A TREC run file that was dropped, or lies below the command line's `--data`. @throws UserError when it is not there */
  openRunFile(name: string, signal: AbortSignal): Promise<NamedSource>;
  createSearcher(options: SearchOptions): Promise<Searcher>;
}

export interface CompareOptions {
  readonly spec: Spec;
  readonly collections: readonly Collection[];
  readonly services: CompareServices;
  /** Where the comparison notes what it has found; without, nothing is noted. */
  readonly journal?: RunJournal | null;
  /** Told what was done to the collections. */
  readonly notes: DataNotes;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}
