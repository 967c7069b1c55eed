import { UserError } from '../../base/userError.ts';
import { mergeRankings } from '../../search/mergeRankings.ts';
import { tieRanks } from '../../search/ties.ts';
import type { ModelKind } from '../models/types.ts';
import { DataNotes } from '../report/dataNotes.ts';
import {
  type Environment,
  type LayerwiseRow,
  type ModelReport,
  type Report,
  reportVersion,
} from '../report/report.ts';
import { checkParts, type NamedPart } from './checkParts.ts';
import { embeddingLayerTests } from './compareLayers.ts';
import type { RunListener } from './events.ts';
import { measureLayers } from './layerwise.ts';
import { mergeCounts } from './mergeCounts.ts';
import { kinds, type Loaded, qrelsFile, type RunServices, readCollections } from './run.ts';

interface MergeOptions {
  readonly services: RunServices;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

/**
 * The report, and the files, of one run whose parts these are. Collections are read again, for their judgements.
 * @throws UserError where parts do not belong together, or not to the collections
 */
export async function mergeParts(
  given: readonly NamedPart[],
  { services, listen, signal }: MergeOptions,
): Promise<Report> {
  const parts = checkParts(given);
  const [first] = parts as readonly [NamedPart, ...NamedPart[]];
  const { spec, environment } = first;
  const notes = new DataNotes();
  const datasets = await readCollections({ spec, services, listen, signal }, notes);
  checkCollections(datasets, environment);
  const rows: LayerwiseRow[] = [];
  for (const { collection } of datasets) {
    if (spec.keep.includes('runs')) await listen(qrelsFile(collection));
    const ranks = tieRanks(collection.corpus.ids, spec.ties);
    for (const [index, { dataset, model: kind, layers, queries, k }] of first.found.entries()) {
      if (dataset !== collection.name) continue;
      const rankings = layers.map((_, layer) =>
        mergeRankings(
          parts.map((part) => part.rankings[index]![layer]!),
          { queries, k, tieRanks: ranks },
        ),
      );
      rows.push(...(await measureLayers({ kind, collection, spec, layers, listen }, rankings)));
      const [one, ...others] = parts.map(({ found }) => found[index]!);
      notes.embedded(collection.name, mergeCounts([one!, ...others]));
    }
  }
  const report: Report = {
    version: reportVersion,
    environment: {
      ...environment,
      ...timesOf(parts),
      models: modelsOf(parts),
      datasets: datasets.map((loaded) => ({ ...loaded.report, data: notes.of(loaded.report.name) })),
    },
    spec,
    layerwise: rows,
    training: [],
    comparison: [],
    rerankDepths: [],
    speed: [],
    tests: embeddingLayerTests(rows),
    pooledTests: [],
    failures: [],
  };
  await listen({ type: 'report', report });
  return report;
}

function checkCollections(datasets: readonly Loaded[], environment: Environment): void {
  for (const [index, { report }] of datasets.entries()) {
    if (environment.datasets[index]?.sha256 === report.sha256) continue;
    throw new UserError(
      `${report.source} is not what the parts searched; name the folder that they had by --data.`,
    );
  }
}

/** From the first start, and the time of all parts together. */
function timesOf(parts: readonly NamedPart[]): Pick<Environment, 'startedAt' | 'startSeconds' | 'seconds'> {
  const all = parts.map(({ environment }) => environment);
  return {
    startedAt: all.map(({ startedAt }) => startedAt).sort()[0]!,
    startSeconds: Math.max(...all.map(({ startSeconds }) => startSeconds)),
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function modelsOf(parts: readonly NamedPart[]): Partial<Record<ModelKind, ModelReport>> {
  const models: Partial<Record<ModelKind, ModelReport>> = {};
  for (const kind of kinds) {
    const reports = parts.flatMap(({ environment }) => environment.models[kind] ?? []);
    const [one] = reports;
    if (one) models[kind] = { ...one, work: reports.map(({ work }) => work).reduce(added) };
  }
  return models;
}

function added(a: ModelReport['work'], b: ModelReport['work']): ModelReport['work'] {
  return {
    texts: a.texts + b.texts,
    tokens: a.tokens + b.tokens,
    paddedTokens: a.paddedTokens + b.paddedTokens,
    characters: a.characters + b.characters,
    seconds: a.seconds + b.seconds,
  };
}
