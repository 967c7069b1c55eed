import { type BundleCalls, bundleCalls } from './bundleCalls.ts';
import { type ComparisonCalls, comparisonCalls } from './comparisonCalls.ts';
import { type DroppedCalls, droppedCalls } from './droppedCalls.ts';
import { LabState } from './labState.ts';
import { type ModelCalls, modelCalls } from './modelCalls.ts';
import { type RunCalls, runCalls } from './runCalls.ts';
import { type StorageCalls, storageCalls } from './storageCalls.ts';

/** What the page calls. Everything thrown has a `message` fit to show. */
export interface LabCalls
  extends RunCalls,
    ModelCalls,
    DroppedCalls,
    ComparisonCalls,
    BundleCalls,
    StorageCalls {}

/** The lab of one worker. */
export function createLab(): LabCalls {
  const state = new LabState();
  return {
    ...runCalls(state),
    ...modelCalls(state),
    ...droppedCalls(state),
    ...comparisonCalls(state),
    ...bundleCalls(),
    ...storageCalls(state),
  };
}
