import { version } from '../../package.json';
import { hearLosses } from '../../src/gpu/lossNotices.ts';
import { setHubAccess } from '../../src/lab/hub/access.ts';
import { describeMachine, type Machine } from '../../src/lab/models/describeMachine.ts';
import { checkSpec, type Findings } from '../../src/lab/pipeline/checkRun.ts';
import {
  type ComparisonCost,
  type ComparisonPace,
  comparisonCost,
  teacherPaceOf,
} from '../../src/lab/pipeline/comparisonCost.ts';
import { collectionToEstimate, type Estimate, estimateCost } from '../../src/lab/pipeline/estimate.ts';
import type { RunListener } from '../../src/lab/pipeline/events.ts';
import { type Pacing, pacingOf } from '../../src/lab/pipeline/pacing.ts';
import { runExperiment } from '../../src/lab/pipeline/run.ts';
import type { RunJournal } from '../../src/lab/pipeline/runJournal.ts';
import { type TeacherCost, teacherCosts } from '../../src/lab/pipeline/teacherCost.ts';
import { withJournal } from '../../src/lab/pipeline/unfinishedRuns.ts';
import type { Report } from '../../src/lab/report/report.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { type TrainingCost, trainingCosts } from '../../src/lab/training/trainingCost.ts';
import type { LabState } from './labState.ts';
import { runServices } from './runServices.ts';

/** The hub that is asked, and as whom. */
export interface HubChosen {
  /** Its origin. */
  readonly endpoint: string;
  /** Empty for none. */
  readonly token: string;
}

export interface RunManner {
  /** Whether `listen` takes files to keep. */
  readonly files?: boolean;
  /** Whether the run notes how far it is, to go on after the tab is gone; or goes on from such notes. */
  readonly journal?: 'begin' | 'go on';
}

/** Running a spec, and what it will cost. */
export interface RunCalls {
  /** @param base URL of the folder that holds index.html */
  start(base: string, hub: HubChosen): void;
  /**
   * Runs a spec, one at a time; rejects with AbortError when cancelled.
   * @param manner of the run; without, nothing of it is kept
   */
  run(spec: Spec, listen: RunListener, manner?: RunManner): Promise<Report>;
  cancel(): void;
  /** What would stop the run of a spec, or be left out of it. */
  check(spec: Spec): Promise<Findings>;
  machine(): Promise<Machine>;
  /** @param stored pace of the stored report, for before anything was measured here */
  estimate(spec: Spec, stored: Pacing | null): Promise<Estimate>;
  /** How long a comparison takes at a pace, by collection and system. */
  comparisonCost(spec: Spec, pace: ComparisonPace): Promise<ComparisonCost>;
  /** What the spec's training runs take of the device. @throws UserError when a model cannot be trained */
  trainingCosts(spec: Spec): Promise<readonly TrainingCost[]>;
  /** What their teachers are asked before the first step. @param pace null where none is known */
  teacherCosts(spec: Spec, pace: ComparisonPace | null): Promise<readonly TeacherCost[]>;
}

export function runCalls(state: LabState): RunCalls {
  return {
    start(base, { endpoint, token }) {
      state.base = base;
      state.hub = endpoint;
      setHubAccess({ token: token === '' ? null : { origin: endpoint, value: token } });
    },
    run: (spec, listen, { files = false, journal } = {}) =>
      state.runs.start(async (signal) => {
        const onNotice = (text: string): void => void listen({ type: 'notice', text });
        setHubAccess({ onNotice });
        const deaf = hearLosses(onNotice);
        const services = runServices(state);
        try {
          const say: RunListener = (event) =>
            event.type === 'artefact' && !files ? undefined : listen(event);
          const run = (kept: RunJournal | null): Promise<Report> =>
            runExperiment(spec, { ...services, journal: kept }, say, signal);
          const report = await (journal
            ? withJournal(spec, { goOn: journal === 'go on', lab: version, onNotice }, run)
            : run(null));
          state.pacing = pacingOf(report, 'the last run here') ?? state.pacing;
          return report;
        } finally {
          await services.dispose();
          deaf();
          setHubAccess({ onNotice: () => {} });
        }
      }),
    cancel: () => state.runs.cancel(),
    check: (spec) => checkSpec({ spec, services: runServices(state), signal: new AbortController().signal }),
    machine: async () => describeMachine(await state.adapter(), crossOriginIsolated),
    estimate: (spec, stored) =>
      estimateCost(spec, state.pacing ?? stored, (dataset) =>
        collectionToEstimate(dataset, state, spec.seed),
      ),
    comparisonCost: (spec, pace) =>
      comparisonCost(spec, pace, (dataset) => collectionToEstimate(dataset, state, spec.seed)),
    trainingCosts: (spec) => trainingCosts(spec, state.openFiles),
    teacherCosts: (spec, pace) =>
      teacherCosts({ spec, pace: pace && teacherPaceOf(pace), services: runServices(state).training }),
  };
}
