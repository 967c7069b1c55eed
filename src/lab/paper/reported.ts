import { z } from 'zod';
import type { Stage } from '../report/report.ts';
import file from './reported.json';

const figure = z.number().min(0).max(1);
const retrieved = z.strictObject({ baseline: figure, 'de-2-rand': figure, 'de-2-ce': figure });
const reranked = z.strictObject({ baseline: figure, 'de-2-ce': figure });

const rowSchema = z.strictObject({
  dataset: z.string(),
  retrieve: z.strictObject({ 'hits@10': retrieved, 'mrr@10': retrieved }),
  'retrieve+rerank': z.strictObject({ 'hits@10': reranked, 'mrr@10': reranked }),
  speedup: z.number().positive(),
});

const layerwiseTest = {
  embedding_layer_de_worse_than_ce_percent_mean: z.number(),
  datasets: z.int(),
  test: z.string(),
  p_below: z.number(),
};

/** The file of the paper's own figures: Table 1, and the numbers that sections 4.3 and 4.4 give in words. */
export const reportedSchema = z.strictObject({
  source: z.string(),
  rerank_depth: z.int(),
  table1: z.array(rowSchema).length(12),
  claims: z.strictObject({
    layerwise: z.strictObject({
      'msmarco-minilm': z.strictObject({
        ...layerwiseTest,
        ce_embedding_layer_at_least_80_percent_of_final_de: z.string(),
        ce_embedding_layer_under_30_percent_of_final_de: z.string(),
      }),
      mxbai: z.strictObject({
        ...layerwiseTest,
        ce_at_least_79_percent_of_final_de: z.string(),
        ce_under_30_percent_of_final_de: z.string(),
      }),
    }),
    infusion: z.strictObject({
      'mean_reranked_de-12-ce': z.strictObject({ 'hits@10': figure, 'mrr@10': figure }),
      'mean_reranked_de-2-ce': z.strictObject({ 'hits@10': figure, 'mrr@10': figure }),
      'de-2-ce_within_1_percent_of_baseline_reranked': z.string(),
      'de-2-ce_worse_than_baseline_percent_mean': z.number(),
      p_above: z.number(),
      speedup_mean: z.number(),
      training_time: z.string(),
      'parameters_de-2-ce': z.string(),
    }),
  }),
});

export type PaperRow = z.infer<typeof rowSchema>;
export const paperMetrics = ['hits@10', 'mrr@10'] as const;
export type PaperMetric = (typeof paperMetrics)[number];
export const paperSystems = ['baseline', 'de-2-rand', 'de-2-ce'] as const;
export type PaperSystem = (typeof paperSystems)[number];

/** What the paper prints; nothing here was measured by the lab. */
export const reported = reportedSchema.parse(file);

export const systemTitles: Readonly<Record<PaperSystem, string>> = {
  baseline: 'Baseline',
  'de-2-rand': 'DE-2 Rand',
  'de-2-ce': 'DE-2 CE',
};

export const stageTitles: Readonly<Record<Stage, string>> = {
  retrieve: 'Retrieve',
  'retrieve+rerank': 'Retrieve + rerank',
};

/** A cell of Table 1; null where the table has none, as DE-2 Rand reranked. */
export function paperValue(
  row: PaperRow,
  stage: Stage,
  metric: PaperMetric,
  system: PaperSystem,
): number | null {
  if (stage === 'retrieve') return row.retrieve[metric][system];
  return system === 'de-2-rand' ? null : row['retrieve+rerank'][metric][system];
}

/** A column of Table 1, in the table's order. @throws RangeError where the table has no such column */
export function paperColumn(stage: Stage, metric: PaperMetric, system: PaperSystem): number[] {
  return reported.table1.map((row) => {
    const value = paperValue(row, stage, metric, system);
    if (value === null) throw new RangeError(`Table 1 has no ${metric} of ${system} after ${stage}.`);
    return value;
  });
}
