import type { NamedValues } from '../../gpu/training/parameters.ts';
import type { OptimiserState } from '../../gpu/training/trainer.ts';
import type { Evaluation, TrainingStep } from '../report/report.ts';
import type { Spec, TrainSpec } from '../spec/spec.ts';
import type { InitialModel } from './initialise.ts';
import type { TrainingSet } from './trainingSet.ts';

/** A training run as it was left, to go on from with the same bits. */
export interface KeptTraining {
  /** Updates that were made. */
  readonly step: number;
  readonly seconds: number;
  readonly weights: NamedValues;
  readonly optimiser: OptimiserState;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: readonly Evaluation[];
}

/** What makes a training run the one it is: of equal identities one goes on where the other stopped. */
export interface TrainingIdentity {
  readonly train: TrainSpec;
  readonly spec: Spec;
  readonly initial: InitialModel;
  readonly set: TrainingSet;
  /** A digest of what its teacher says, where it has one. */
  readonly teacher?: string;
}

/** The place of one training run's checkpoint. */
export interface OpenedCheckpoint {
  /** null when there is none, or what there is was cut off. */
  read(): Promise<KeptTraining | null>;
  write(kept: KeptTraining): Promise<void>;
  remove(): Promise<void>;
}
