import type { Collection } from '../data/collection.ts';
import type { Spec, TrainSpec } from '../spec/spec.ts';
import type { RunListener } from './events.ts';
import type { Services } from './services.ts';

/** What training one model of a spec needs. */
export interface TrainOptions {
  readonly train: TrainSpec;
  readonly spec: Spec;
  /** Searched by the model while it learns. */
  readonly heldOut: readonly Collection[];
  readonly services: Services;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}
