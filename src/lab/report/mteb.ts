import { type NanoCollection, nanoBeir } from '../data/hub/nanoBeir.ts';
import { type Table, toMarkdown } from '../formats/table.ts';
import type { Metrics, Report } from './report.ts';

export interface TextFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** One system's figures on collections of NanoBEIR. */
interface System {
  readonly name: string;
  readonly metrics: ReadonlyMap<NanoCollection, Metrics>;
}

/** Ours by MTEB's names: `hits@10` is `hit_rate_at_10`, others only change their sign. */
function scoreName(metric: string): string {
  return metric.replace(/^hits@/, 'hit_rate@').replace('@', '_at_');
}

/** Layers, and systems before and after reranking, that have figures on NanoBEIR. */
function systemsOf({ layerwise, comparison }: Report): System[] {
  const byName = new Map<string, Map<NanoCollection, Metrics>>();
  const take = (name: string, dataset: string, metrics: Metrics): void => {
    const collection = nanoBeir.find((one) => one.name === dataset);
    if (!collection) return;
    const known = byName.get(name) ?? new Map<NanoCollection, Metrics>();
    byName.set(name, known.set(collection, metrics));
  };
  for (const { model, layer, dataset, metrics } of layerwise) {
    take(`${model}-layer-${layer}`, dataset, metrics);
  }
  for (const { system, stage, dataset, metrics } of comparison) {
    take(stage === 'retrieve' ? system : `${system}, reranked`, dataset, metrics);
  }
  return [...byName].map(([name, metrics]) => ({ name, metrics }));
}

/** The commit that a collection was read at, else the branch. */
function revisionOf({ environment }: Report, name: string): string {
  const source = environment.datasets.find((dataset) => dataset.name === name)?.source ?? '';
  return source.split('@')[1] ?? 'main';
}

/** One task's result as mteb 2 reads it (mteb/results/task_result.py, TaskResult.from_disk). */
function taskResult(report: Report, collection: NanoCollection, metrics: Metrics): string {
  const scores = Object.fromEntries(
    Object.entries(metrics).map(([metric, value]) => [scoreName(metric), value]),
  );
  return `${JSON.stringify(
    {
      dataset_revision: revisionOf(report, collection.name),
      task_name: collection.task,
      // It was not mteb that computed these; a version would claim so.
      mteb_version: null,
      scores: {
        train: [{ ...scores, main_score: metrics['ndcg@10'], hf_subset: 'default', languages: ['eng-Latn'] }],
      },
      evaluation_time: null,
      kg_co2_emissions: null,
    },
    null,
    1,
  )}\n`;
}

/** nDCG@10 by collection, and the mean of systems that have them all. */
export function nanoBeirTable(report: Report): Table | null {
  const systems = systemsOf(report).filter(({ metrics }) => [...metrics.values()].every(hasMain));
  if (systems.length === 0) return null;
  const collections = nanoBeir.filter((one) => systems.some(({ metrics }) => metrics.has(one)));
  const value = ({ metrics }: System, one: NanoCollection): number | null =>
    metrics.get(one)?.['ndcg@10'] ?? null;
  return {
    caption: `nDCG@10 on ${collections.length} of ${nanoBeir.length} collections of NanoBEIR`,
    columns: ['', ...systems.map(({ name }) => name)],
    rows: [
      ...collections.map((one) => [one.name, ...systems.map((system) => value(system, one))]),
      [
        'mean',
        ...systems.map((system) => {
          const values = collections.flatMap((one) => value(system, one) ?? []);
          return values.length === collections.length
            ? values.reduce((sum, one) => sum + one, 0) / values.length
            : null;
        }),
      ],
    ],
  };
}

function hasMain(metrics: Metrics): boolean {
  return metrics['ndcg@10'] !== undefined;
}

/** Whether all of it was searched: of a sample the figures say less, and compare with none elsewhere. */
function isWhole({ environment }: Report): boolean {
  return environment.datasets
    .filter(({ name }) => nanoBeir.some((one) => one.name === name))
    .every(({ documents, totalDocuments }) => documents === totalDocuments);
}

/**
 * A report's results on NanoBEIR for others' tools: a JSON file for each system and task, in folders as MTEB's
 * result cache has them (`results/MODEL/REVISION/TASK.json`), and a table for a model card. None where the
 * report has no collection of NanoBEIR.
 */
export function mtebFiles(report: Report): TextFile[] {
  const table = nanoBeirTable(report);
  if (!table) return [];
  const results = systemsOf(report).flatMap(({ name, metrics }) =>
    [...metrics]
      .filter(([, values]) => hasMain(values))
      .map(([collection, values]) => ({
        path: `results/${name.replace(/[^\w.-]+/g, '_')}/no_revision_available/${collection.task}.json`,
        text: taskResult(report, collection, values),
      })),
  );
  const { models } = report.spec;
  const extent = isWhole(report) ? 'All documents of each collection.' : 'A sample of the documents.';
  const card = `## NanoBEIR\n\nCE: ${models.ce.source}. DE: ${models.de.source}. ${extent}\n\n${toMarkdown(table)}`;
  return [...results, { path: 'model-card.md', text: card }];
}
