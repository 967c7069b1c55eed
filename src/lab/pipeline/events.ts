import type { Family } from '../../gpu/kernels/defineKernel.ts';
import type { ComparisonRow, Evaluation, LayerwiseRow, Report, TrainingStep } from '../report/report.ts';

/** Milliseconds by kernel family. */
export type KernelTimes = Readonly<Partial<Record<Exclude<Family, 'search'>, number>>>;

/** What a run says while it goes on; one union, so that every listener handles every kind. */
export type RunEvent =
  | { readonly type: 'stage'; readonly text: string }
  | {
      readonly type: 'download';
      readonly file: string;
      readonly loaded: number;
      readonly total: number | null;
    }
  /** How far a stage is that has no other progress. */
  | {
      readonly type: 'count';
      readonly what: string;
      readonly done: number;
      readonly total: number;
      readonly secondsLeft: number | null;
    }
  | { readonly type: 'backend'; readonly model: 'ce' | 'de'; readonly backend: string; readonly why: string }
  | {
      readonly type: 'progress';
      readonly dataset: string;
      readonly model: 'ce' | 'de';
      /** Queries and documents of this collection and model, those found in the cache included. */
      readonly done: number;
      readonly total: number;
      readonly cached: number;
      readonly textsPerSecond: number;
      /** Time left of the whole run; null until there is something to estimate from. */
      readonly secondsLeft: number | null;
    }
  | {
      /** Rows of one collection and model over the documents searched so far. */
      readonly type: 'layerwise';
      readonly rows: readonly LayerwiseRow[];
      readonly documentsSeen: number;
      readonly documentsTotal: number;
      readonly final: boolean;
    }
  | {
      /** Steps of a training run that were done since the last such event. */
      readonly type: 'training';
      readonly name: string;
      readonly steps: readonly TrainingStep[];
      readonly totalSteps: number;
      readonly pairsPerSecond: number;
      readonly secondsLeft: number | null;
    }
  | {
      /** Milliseconds on the device by kernel family, in the mean of the steps that were measured so far. */
      readonly type: 'kernels';
      readonly name: string;
      readonly milliseconds: KernelTimes;
    }
  | { readonly type: 'evaluation'; readonly name: string; readonly evaluation: Evaluation }
  | { readonly type: 'comparison'; readonly row: ComparisonRow }
  | { readonly type: 'notice'; readonly text: string }
  | {
      /** A file to keep, or its next part, when the spec's `keep` asks for it. The path is below the output folder. */
      readonly type: 'artefact';
      readonly path: string;
      /** False starts the file, true goes on with it. */
      readonly append: boolean;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'report'; readonly report: Report };

export type RunListener = (event: RunEvent) => void | Promise<void>;
