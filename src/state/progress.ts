import type { KernelTimes, RunEvent } from '../lab/pipeline/events.ts';
import type { ComparisonRow, Evaluation, LayerwiseRow, TrainingStep } from '../lab/report/report.ts';

/** One model's curve on one collection, as far as it has got. */
export interface LiveCurve {
  readonly rows: readonly LayerwiseRow[];
  readonly documentsSeen: number;
  readonly documentsTotal: number;
  readonly final: boolean;
}

export interface ModelProgress {
  /** Collection now being embedded, and how far it is. */
  readonly dataset: string;
  readonly done: number;
  readonly total: number;
  /** Share of the whole run's work for this model, collections taken as equal; 0 to 1. */
  readonly share: number;
  readonly cached: number;
  readonly textsPerSecond: number;
}

/** One model's training, as far as it has got. */
export interface TrainingProgress {
  readonly steps: readonly TrainingStep[];
  readonly evaluations: readonly Evaluation[];
  readonly totalSteps: number;
  readonly pairsPerSecond: number;
  /** Time of one step by kernel family; empty where the device measures none. */
  readonly kernels: KernelTimes;
}

const untrained: TrainingProgress = {
  steps: [],
  evaluations: [],
  totalSteps: 0,
  pairsPerSecond: 0,
  kernels: {},
};

/** Everything the page shows of a run that goes on. */
export interface RunProgress {
  /** Collections of the run. */
  readonly datasets: number;
  readonly stage: string;
  /** How far the stage is, where it counts. */
  readonly count: { readonly what: string; readonly done: number; readonly total: number } | null;
  readonly downloads: Readonly<Record<string, { readonly loaded: number; readonly total: number | null }>>;
  readonly backends: Readonly<
    Partial<Record<'ce' | 'de', { readonly backend: string; readonly why: string }>>
  >;
  readonly models: Readonly<Partial<Record<'ce' | 'de', ModelProgress>>>;
  readonly secondsLeft: number | null;
  readonly notices: readonly string[];
  /** Collection name, then model. */
  readonly curves: Readonly<Record<string, Readonly<Partial<Record<'ce' | 'de', LiveCurve>>>>>;
  readonly comparison: readonly ComparisonRow[];
  /** By the name of the training run. */
  readonly training: Readonly<Record<string, TrainingProgress>>;
  /** Share done, collection name by model; what {@link ModelProgress.share} is summed from. */
  readonly shares: Readonly<Record<'ce' | 'de', Readonly<Record<string, number>>>>;
}

export function startOfRun(datasets: number): RunProgress {
  return {
    datasets,
    stage: 'Starting',
    count: null,
    downloads: {},
    backends: {},
    models: {},
    secondsLeft: null,
    notices: [],
    curves: {},
    comparison: [],
    training: {},
    shares: { ce: {}, de: {} },
  };
}

/** What one more event makes of the progress. */
export function afterEvent(progress: RunProgress, event: RunEvent): RunProgress {
  switch (event.type) {
    case 'stage':
      return { ...progress, stage: event.text, count: null };
    case 'download':
      return {
        ...progress,
        downloads: { ...progress.downloads, [event.file]: { loaded: event.loaded, total: event.total } },
      };
    case 'backend':
      return {
        ...progress,
        backends: { ...progress.backends, [event.model]: { backend: event.backend, why: event.why } },
      };
    case 'progress': {
      const { dataset, model, done, total, cached, textsPerSecond } = event;
      const ofModel = { ...progress.shares[model], [dataset]: total > 0 ? done / total : 1 };
      const share =
        Object.values(ofModel).reduce((sum, one) => sum + one, 0) / Math.max(1, progress.datasets);
      return {
        ...progress,
        shares: { ...progress.shares, [model]: ofModel },
        models: {
          ...progress.models,
          [model]: { dataset, done, total, share: Math.min(1, share), cached, textsPerSecond },
        },
        secondsLeft: event.secondsLeft,
      };
    }
    case 'layerwise': {
      const [first] = event.rows;
      if (!first) return progress;
      const { documentsSeen, documentsTotal, final, rows } = event;
      const curve: LiveCurve = { rows, documentsSeen, documentsTotal, final };
      return {
        ...progress,
        curves: {
          ...progress.curves,
          [first.dataset]: { ...progress.curves[first.dataset], [first.model]: curve },
        },
      };
    }
    case 'count':
      return { ...progress, count: event, secondsLeft: event.secondsLeft };
    case 'training': {
      const { name, steps, totalSteps, pairsPerSecond, secondsLeft } = event;
      const before = progress.training[name] ?? untrained;
      const after = { ...before, steps: [...before.steps, ...steps], totalSteps, pairsPerSecond };
      return { ...progress, count: null, secondsLeft, training: { ...progress.training, [name]: after } };
    }
    case 'comparison':
      return { ...progress, comparison: [...progress.comparison, event.row] };
    case 'evaluation': {
      const before = progress.training[event.name] ?? untrained;
      const after = { ...before, evaluations: [...before.evaluations, event.evaluation] };
      return { ...progress, training: { ...progress.training, [event.name]: after } };
    }
    case 'kernels': {
      const after = { ...(progress.training[event.name] ?? untrained), kernels: event.milliseconds };
      return { ...progress, training: { ...progress.training, [event.name]: after } };
    }
    case 'notice':
      return progress.notices.includes(event.text)
        ? progress
        : { ...progress, notices: [...progress.notices, event.text] };
    case 'artefact':
    case 'report':
      return progress;
  }
}
