import { z } from 'zod';
import type { Table } from '../formats/table.ts';
import { layerLabel } from './curves.ts';

const metrics = ['hits@10', 'mrr@10'] as const;
export type StudyMetric = (typeof metrics)[number];

const studySchema = z.object({
  setup: z.object({
    pairs: z.number(),
    steps: z.number(),
    batch: z.number(),
    tokens: z.number(),
    rate: z.number(),
    teacher: z.string(),
  }),
  models: z.array(z.object({ id: z.string(), title: z.string() })),
  rows: z.array(
    z.object({
      dataset: z.string(),
      model: z.string(),
      queries: z.number(),
      documents: z.number(),
      layer: z.number(),
      'hits@10': z.number(),
      'mrr@10': z.number(),
    }),
  ),
  tests: z.array(
    z.object({
      model: z.string(),
      layer: z.number(),
      metric: z.enum(metrics),
      n: z.number(),
      meanDifference: z.number(),
      t: z.number(),
      p: z.number(),
    }),
  ),
});

/** Layers of DEs that differ in how they were trained, beside one CE; written by models/de_training.py. */
export type DeTraining = z.infer<typeof studySchema>;

export function readDeTraining(text: string): DeTraining {
  return studySchema.parse(JSON.parse(text));
}

export interface StudyCurve {
  readonly id: string;
  readonly title: string;
  /** Means over the collections, layer by layer. */
  readonly values: readonly number[];
}

export function studyCurves({ models, rows }: DeTraining, metric: StudyMetric): StudyCurve[] {
  return models.map(({ id, title }) => {
    const own = rows.filter(({ model }) => model === id);
    const layers = [...new Set(own.map(({ layer }) => layer))].sort((a, b) => a - b);
    return {
      id,
      title,
      values: layers.map((layer) => mean(own.filter((row) => row.layer === layer).map((row) => row[metric]))),
    };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** For each DE one sentence: the CE's embedding layer against its own, and up to which layer the CE is ahead. */
export function studySentences(study: DeTraining, metric: StudyMetric): string[] {
  const curves = studyCurves(study, metric);
  const [ce] = curves;
  const name = metric === 'hits@10' ? 'Hits@10' : 'MRR@10';
  return curves.slice(1).flatMap(({ id, title, values }) => {
    const test = study.tests.find((one) => one.model === id && one.metric === metric && one.layer === 0);
    if (!ce || !test) return [];
    const lead = values.findIndex((value, layer) => value >= ce.values[layer]!);
    const ahead =
      lead === 0
        ? 'On the mean the DE is ahead from the embedding layer on'
        : lead < 0
          ? 'The CE is ahead at every layer'
          : `On the mean the CE is ahead at ${lead === 1 ? 'the embedding layer alone' : `the first ${lead} layers`}`;
    const direction = test.meanDifference >= 0 ? 'above' : 'below';
    return [
      `${title}: the CE’s embedding layer is ${Math.abs(test.meanDifference).toFixed(3)} ${name} ${direction} its own ` +
        `(n = ${test.n} collections, t(${test.n - 1}) = ${test.t.toFixed(2)}, p = ${test.p.toFixed(3)}). ${ahead}; ` +
        `at its last layer the DE reaches ${values.at(-1)!.toFixed(3)}.`,
    ];
  });
}

/** What the two trainings changed, from one DE to the other: the first layers and the last. */
export function studyContrast(study: DeTraining, metric: StudyMetric): string {
  const curve = (id: string): readonly number[] =>
    studyCurves(study, metric).find((one) => one.id === id)?.values ?? [];
  const [labels, teacher] = [curve('labels'), curve('teacher')];
  const change = (layer: number): string => {
    const difference = teacher.at(layer)! - labels.at(layer)!;
    return `${difference >= 0 ? '+' : '−'}${Math.abs(difference).toFixed(3)}`;
  };
  const early = labels
    .slice(0, 3)
    .map((_, layer) => `${change(layer)} at ${layer === 0 ? 'the embedding layer' : `layer ${layer}`}`);
  const name = metric === 'hits@10' ? 'Hits@10' : 'MRR@10';
  return `The teacher’s similarities in place of labels, all else the same, change ${name} by ${early.join(', ')} and ${change(-1)} at the last.`;
}

export function studyTable(study: DeTraining, metric: StudyMetric): Table {
  const curves = studyCurves(study, metric);
  const layers = curves[0]?.values.map((_, layer) => layer) ?? [];
  return {
    caption: `${metric === 'hits@10' ? 'Hits@10' : 'MRR@10'} by layer and by the DE’s training, mean of the collections`,
    columns: ['model', ...layers.map(layerLabel)],
    rows: curves.map(({ title, values }) => [title, ...values]),
  };
}

/** Of the DE that the bundled pair's makers tried before; figures as their note gives them, not measured here. */
export const reportedOther = {
  embedding: [0.166, 0.12, 0.176, 0.078],
  embeddingShipped: [0.1, 0.09, 0.116, 0.056],
  last: [0.846, 0.487, 0.496, 0.256],
  lastShipped: [0.826, 0.407, 0.48, 0.246],
  t: 0.69,
  tShipped: 1.89,
} as const;
