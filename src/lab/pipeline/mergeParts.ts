import { UserError } from '../../base/userError.ts';
import { mergeRankings } from '../../search/mergeRankings.ts';
import { tieRanks } from '../../search/ties.ts';
import type { Collection } from '../data/collection.ts';
import { sumOfWork } from '../embed/pace.ts';
import type { ModelKind } from '../models/types.ts';
import { DataNotes } from '../report/dataNotes.ts';
import {
  type Environment,
  type LayerwiseRow,
  type ModelReport,
  type Report,
  reportVersion,
} from '../report/report.ts';
import {
  checkParts,
  checkRerankParts,
  checkSameRun,
  type NamedPart,
  type NamedRerankPart,
} from './checkParts.ts';
import { compareSystems } from './compare.ts';
import { embeddingLayerTests } from './compareLayers.ts';
import type { RunListener } from './events.ts';
import { measureLayers } from './layerwise.ts';
import { mergeCounts } from './mergeCounts.ts';
import { filesOf, mergedComparison } from './mergedComparison.ts';
import { otherContent, placeSlices, sliceOf } from './placeSlices.ts';
import { type Loaded, readCollections } from './readCollections.ts';
import { kinds, qrelsFile, type RunServices } from './run.ts';

interface MergeOptions {
  readonly services: RunServices;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

/** The parts of a run: those of its layers, and those of its comparison. */
export interface PartsOfRun {
  readonly layers: readonly NamedPart[];
  readonly reranked: readonly NamedRerankPart[];
}

/**
 * The report, and the files, of one run whose parts these are. Collections are read again, for their judgements.
 * @throws UserError where parts do not belong together, or not to the collections
 */
export async function mergeParts(given: PartsOfRun, options: MergeOptions): Promise<Report> {
  const { services, listen, signal } = options;
  const { parts, reranked, first } = checkedParts(given);
  const { spec, environment } = first;
  const notes = new DataNotes();
  const datasets = await readCollections({ spec, services, listen, signal }, notes);
  for (const part of [parts[0], reranked[0]]) if (part) checkCollections(datasets, part);
  const collections = datasets.map(({ collection }) => collection);
  const rows = parts.length > 0 ? await mergeLayers(parts, collections, notes, listen) : [];
  const comparison =
    reranked.length > 0
      ? await compareSystems(
          { spec, collections, services: services.comparison, notes, listen, signal },
          mergedComparison(reranked, spec, collections),
        )
      : null;
  if (spec.compare.enabled && !comparison) {
    await listen({
      type: 'notice',
      text: 'The comparison is not in it; run its parts by --stage rerank, and merge them with these.',
    });
  }
  const report: Report = {
    version: reportVersion,
    environment: {
      ...environment,
      ...timesOf([...parts, ...reranked]),
      models: modelsOf(parts),
      ...(comparison ? { files: filesOf(reranked) } : {}),
      datasets: datasets.map(({ report }) => ({ ...report, data: notes.of(report.name) })),
    },
    spec,
    layerwise: rows,
    training: [],
    comparison: comparison?.rows ?? [],
    rerankDepths: comparison?.depths ?? [],
    speed: [],
    tests: [...embeddingLayerTests(rows), ...(comparison?.tests ?? [])],
    pooledTests: comparison?.pooledTests ?? [],
    failures: comparison?.failures ?? [],
  };
  await listen({ type: 'report', report });
  return report;
}

function checkedParts({ layers, reranked: given }: PartsOfRun): {
  readonly parts: readonly NamedPart[];
  readonly reranked: readonly NamedRerankPart[];
  readonly first: NamedPart | NamedRerankPart;
} {
  const reranked = given.length > 0 ? checkRerankParts(given) : [];
  const [compared] = reranked;
  if (compared && layers.length === 0) {
    if (!compared.spec.layerwise.enabled) return { parts: [], reranked, first: compared };
    throw new UserError(
      'The run has layers too; name the parts that --shard wrote of them beside those of the comparison.',
    );
  }
  const parts = checkParts(layers);
  const first = parts[0]!;
  if (compared) checkSameRun(first, compared);
  return { parts, reranked, first };
}

/** Every layer's rows out of parts of the documents. */
async function mergeLayers(
  parts: readonly NamedPart[],
  collections: readonly Collection[],
  notes: DataNotes,
  listen: RunListener,
): Promise<LayerwiseRow[]> {
  const { spec, found } = parts[0]!;
  const rows: LayerwiseRow[] = [];
  for (const collection of collections) {
    if (spec.keep.includes('runs')) await listen(qrelsFile(collection));
    const ranks = tieRanks(collection.corpus.ids, spec.ties);
    const place = placeSlices(parts, collection);
    const queries = collection.queries.ids.length;
    const k = Math.min(spec.layerwise.topK, collection.corpus.ids.length);
    for (const [index, { dataset, model: kind, layers }] of found.entries()) {
      if (dataset !== collection.name) continue;
      const rankings = layers.map((_, layer) =>
        mergeRankings(
          parts.map(({ rankings }, part) => place(part, rankings[index]![layer]!)),
          { queries, k, tieRanks: ranks },
        ),
      );
      rows.push(...(await measureLayers({ kind, collection, spec, layers, listen }, rankings)));
      const [one, ...others] = parts.map((part) => part.found[index]!);
      notes.embedded(collection.name, mergeCounts([one!, ...others]));
    }
  }
  return rows;
}

/** Collections that were read in parts are held to these where their lists are placed. */
function checkCollections(
  datasets: readonly Loaded[],
  { environment, slices = [] }: Pick<NamedPart, 'environment'> & Partial<Pick<NamedPart, 'slices'>>,
): void {
  for (const [index, { report }] of datasets.entries()) {
    if (sliceOf({ slices }, report.name)) continue;
    if (environment.datasets[index]?.sha256 !== report.sha256) throw otherContent(report.source);
  }
}

/** From the first start, and the time of all parts together. */
function timesOf(
  parts: readonly Pick<NamedPart, 'environment'>[],
): Pick<Environment, 'startedAt' | 'startSeconds' | 'seconds'> {
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
    if (one) models[kind] = { ...one, work: reports.map(({ work }) => work).reduce(sumOfWork) };
  }
  return models;
}
