import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { Collection } from '../data/collection.ts';
import type { TrainingPairs } from '../data/fromPairs.ts';
import type { ModelFiles } from '../models/types.ts';
import type { PairColumnsSpec, Spec, TrainSpec } from '../spec/spec.ts';
import type { MinedNegatives } from '../training/hardNegatives.ts';
import type { OpenedCheckpoint, TrainingIdentity } from '../training/keptTraining.ts';
import type { OpenedTrainer, TrainerChoice } from '../training/openTrainer.ts';
import type { CompareServices } from './compareOptions.ts';
import type { RunListener } from './events.ts';

/** What training needs of its surroundings. */
export interface TrainingServices {
  /** For a model card. */
  readonly appVersion: string;
  /** Files of a model, none of them read yet. */
  openFiles(source: string, signal: AbortSignal): Promise<ModelFiles>;
  /** @param most pairs that are wanted; a source may give more, but a large one gives no more */
  loadTrainingPairs(
    source: string,
    signal: AbortSignal,
    most: number,
    columns?: PairColumnsSpec,
  ): Promise<TrainingPairs>;
  /** @throws UserError where {@link createTrainer} would, for want of a device */
  checkDevice(): Promise<void>;
  /**
   * @param say told what takes time
   * @throws UserError where there is no WebGPU
   */
  createTrainer(
    options: TrainerChoice,
    say: (stage: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<OpenedTrainer>;
  /**
   * @param rounding what the trainer's bits depend on
   * @returns null when checkpoints cannot be stored here
   */
  openCheckpoint(
    identity: TrainingIdentity,
    rounding: string,
    onNotice: (sentence: string) => void,
  ): Promise<OpenedCheckpoint | null>;
  createSearcher(options: SearchOptions): Promise<Searcher>;
}

/** What opens teachers: they are systems and rerankers of a comparison, and share their stores. */
export type TeacherServices = Pick<
  CompareServices,
  'openSystem' | 'openStore' | 'openReranker' | 'openScoreStore'
>;

/** What training one model of a spec needs. */
export interface TrainOptions {
  readonly train: TrainSpec;
  readonly spec: Spec;
  /** Searched by the model while it learns. */
  readonly heldOut: readonly Collection[];
  /** What was mined for the spec's models before, by all that it depends on but the spec's seed. */
  readonly mined: Map<string, Promise<MinedNegatives>>;
  readonly services: TrainingServices;
  readonly teachers: TeacherServices;
  /**
   * Takes what removes the last checkpoint, for when the run that this is part of has ended: cut off before, it need
   * not train again. Without, it is removed with the training's end.
   */
  readonly hold?: (remove: () => Promise<void>) => void;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}
