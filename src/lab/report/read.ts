import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import { dataReportSchema } from '../data/dataReport.ts';
import { specSchema } from '../spec/spec.ts';
import { type Fields, type Upgrades, upgrade, upgradeSpec } from '../spec/upgrade.ts';
import type { Report } from './report.ts';

const model = z.enum(['ce', 'de']);
const metrics = z.record(z.string(), z.number());
const work = z.object({
  texts: z.number(),
  tokens: z.number(),
  paddedTokens: z.number(),
  characters: z.number(),
  seconds: z.number(),
});
const checkSchema = z.object({
  backend: z.enum(['webgpu', 'wasm']),
  agrees: z.boolean(),
  difference: z.number().nullable(),
  seconds: z.object({ webgpu: z.number().nullable(), wasm: z.number().nullable() }),
  sentence: z.string(),
});
const modelReport = z.object({
  source: z.string(),
  sha256: z.string(),
  file: z.string(),
  architecture: z.string(),
  layers: z.int().min(0),
  hiddenSize: z.int().min(1),
  backend: z.string(),
  why: z.string(),
  check: checkSchema.optional(),
  threads: z.int(),
  work,
});

const stage = z.enum(['retrieve', 'retrieve+rerank']);

/** What older reports lack or name otherwise; see `Upgrades`. */
const reportUpgrades: Upgrades = [
  // Of before versions were: reports of before rerank depths were compared have none.
  (report) => ({ rerankDepths: [], ...report }),
];

export const reportVersion = reportUpgrades.length;

const reportSchema = z.object({
  version: z.literal(reportVersion),
  environment: z.object({
    version: z.string(),
    startedAt: z.string(),
    startSeconds: z.number(),
    seconds: z.number(),
    userAgent: z.string(),
    adapter: z.string().nullable(),
    hardwareConcurrency: z.number(),
    crossOriginIsolated: z.boolean(),
    versions: z.record(z.string(), z.string()),
    models: z.object({ ce: modelReport.optional(), de: modelReport.optional() }),
    datasets: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        source: z.string(),
        licence: z.string().optional(),
        judgements: z.string().optional(),
        queries: z.number(),
        documents: z.number(),
        totalQueries: z.number(),
        totalDocuments: z.number(),
        sha256: z.string().optional(),
        data: dataReportSchema.optional(),
      }),
    ),
    files: z
      .array(
        z.object({
          source: z.string(),
          file: z.string(),
          sha256: z.string(),
          backend: z.string(),
          reading: z.string().optional(),
        }),
      )
      .optional(),
    search: z.string(),
  }),
  spec: specSchema,
  layerwise: z.array(
    z.object({
      dataset: z.string(),
      model,
      layer: z.int().min(0),
      queries: z.number(),
      documents: z.number(),
      metrics,
      intervals: z.record(z.string(), z.tuple([z.number(), z.number()])),
    }),
  ),
  training: z.array(
    z.object({
      name: z.string(),
      init: z.enum(['ce', 'de', 'random']),
      layers: z.int(),
      copyLayers: z.int(),
      parameters: z.number(),
      examples: z.number(),
      totalSteps: z.number(),
      seconds: z.number(),
      adapter: z.string(),
      steps: z.array(
        z.object({ step: z.number(), loss: z.number(), learningRate: z.number(), gradNorm: z.number() }),
      ),
      evaluations: z.array(
        z.object({
          step: z.number(),
          dataset: z.string(),
          queries: z.number(),
          documents: z.number(),
          metrics,
        }),
      ),
    }),
  ),
  comparison: z.array(
    z.object({
      dataset: z.string(),
      system: z.string(),
      stage,
      queries: z.number(),
      documents: z.number(),
      metrics,
    }),
  ),
  rerankDepths: z.array(
    z.object({
      dataset: z.string(),
      system: z.string(),
      depth: z.int().min(0),
      pairs: z.number(),
      seconds: z.number(),
      metrics,
    }),
  ),
  speed: z.array(
    z.object({
      dataset: z.string(),
      system: z.string(),
      textsPerSecond: z.number(),
      speedup: z.number(),
      encoderTextsPerSecond: z.number(),
      encoderSpeedup: z.number(),
      queryMilliseconds: z.tuple([z.number(), z.number()]),
      texts: z.number(),
      rounds: z.number(),
      parameters: z.number(),
      bytes: z.number(),
      indexBytes: z.number(),
      backend: z.string(),
    }),
  ),
  tests: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['paired-t', 'randomisation']),
      n: z.number(),
      meanDifference: z.number(),
      statistic: z.number().nullable(),
      degreesOfFreedom: z.number().nullable(),
      pValue: z.number().nullable(),
      sentence: z.string(),
      of: z
        .object({
          system: z.string(),
          against: z.string(),
          stage,
          metric: z.string(),
          dataset: z.string().nullable(),
          corrected: z.number().nullable(),
          interval: z.tuple([z.number(), z.number()]).nullable(),
        })
        .optional(),
    }),
  ),
  failures: z.array(z.string()).default([]),
});

/**
 * Reads a report that this lab or its command line wrote, now or in an older version.
 * @throws UserError when the text is no report, naming the first field that is wrong
 */
export function readReport(text: string, file: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError('is not JSON; choose the report.json that a run wrote.', { file });
  }
  const upgraded = upgrade(value, reportUpgrades, file) as Fields | null;
  const spec = upgradeSpec(upgraded?.spec, file);
  const parsed = reportSchema.safeParse({ ...upgraded, spec });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError('is not a report of this lab; choose the report.json that a run wrote.', {
      file,
      field: issue?.path.map(String).join('.') || 'report',
    });
  }
  return parsed.data;
}
