import { systemTests } from '../compare/tests.ts';
import { embeddingLayerTests } from '../pipeline/compareLayers.ts';
import type {
  ComparisonRow,
  DatasetReport,
  LayerwiseRow,
  Report,
  SpeedRow,
  TestRow,
  TrainingRow,
} from '../report/report.ts';

/** Reports of one collection each, read as one. */
export interface Merged {
  readonly layerwise: readonly LayerwiseRow[];
  readonly comparison: readonly ComparisonRow[];
  readonly speed: readonly SpeedRow[];
  readonly training: readonly TrainingRow[];
  readonly datasets: readonly DatasetReport[];
  /** Across the collections, which no single report can test, and within each as its report has it. */
  readonly tests: readonly TestRow[];
}

/** @param seed of the randomisation test, where there are too many collections to try all signs */
export function mergeReports(reports: readonly Report[], seed = 1): Merged {
  const layerwise = reports.flatMap((report) => report.layerwise);
  const comparison = reports.flatMap((report) => report.comparison);
  return {
    layerwise,
    comparison,
    speed: reports.flatMap(({ speed }) => speed),
    training: reports.flatMap(({ training }) => training),
    datasets: reports.flatMap(({ environment }) => environment.datasets),
    tests: [
      ...embeddingLayerTests(layerwise),
      ...(comparison.length > 0 ? systemTests(comparison, 'baseline', () => undefined, seed) : []),
      ...reports.flatMap(({ tests }) => tests.filter(({ of }) => of !== undefined && of.dataset !== null)),
    ],
  };
}
