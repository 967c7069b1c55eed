import { bytes as inBytes } from '../../base/units.ts';
import { Cancelled, isCancelled, sentenceOf, UserError } from '../../base/userError.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { ComparisonDetails } from '../compare/details.ts';
import type { Collection } from '../data/collection.ts';
import { forCollection, type StoredModel, sharedStore } from '../embed/idfPooling.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import { Pace } from '../embed/pace.ts';
import { writeQrels } from '../formats/trec.ts';
import type { ModelKind, SessionInfo } from '../models/types.ts';
import { DataNotes } from '../report/dataNotes.ts';
import {
  type LayerwiseRow,
  type ModelReport,
  type Report,
  reportVersion,
  type SystemFile,
  type TrainingRow,
} from '../report/report.ts';
import type { Spec, TrainSpec } from '../spec/spec.ts';
import type { FolderFile } from '../training/modelFolder.ts';
import { type CheckServices, checkRun, checkStarts, checkWidths } from './checkRun.ts';
import { type Comparison, compareSystems } from './compare.ts';
import { embeddingLayerTests } from './compareLayers.ts';
import type { CompareServices } from './compareOptions.ts';
import { environmentOf, type MachineReport } from './environmentOf.ts';
import type { RunEvent, RunListener } from './events.ts';
import { rememberingPairs } from './givenPairs.ts';
import { type LayerwiseServices, layerwise, type RankedLayers, rankLayers } from './layerwise.ts';
import { type Loaded, readCollections, type SliceServices } from './readCollections.ts';
import type { RunJournal } from './runJournal.ts';
import { trainModel } from './train.ts';
import type { TrainingServices, TrainOptions } from './trainOptions.ts';

export const kinds: readonly ModelKind[] = ['ce', 'de'];

/** What a run needs of its surroundings, stage by stage; the worker gives the browser's, a test its own. */
export interface RunServices extends CheckServices, SliceServices {
  machine(): Promise<MachineReport>;
  readonly layerwise: LayerwiseServices;
  readonly training: TrainingServices;
  readonly comparison: CompareServices;
  /** Where the run notes how far it is, and goes on from; without, nothing is noted. */
  readonly journal?: RunJournal | null;
  /** Keeps a trained model, which a spec then names `folder:NAME`. */
  keepModel(name: string, files: readonly FolderFile[]): void;
  /** Keeps the ranked lists of a comparison, for looking into until the next one. */
  keepComparison(details: ComparisonDetails): void;
}

export interface Run {
  readonly spec: Spec;
  readonly services: RunServices;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

/**
 * Runs an experiment from its spec to its report. Events say how far it is; kept files go out as
 * `artefact` events, which are awaited, so that they are written no faster than they are taken.
 * @throws UserError for what the user can mend, Cancelled when the signal is aborted. What had been
 * embedded by then is stored, and is not computed again in the next run.
 */
export async function runExperiment(
  spec: Spec,
  given: RunServices,
  listen: RunListener,
  signal: AbortSignal,
): Promise<Report> {
  const services = { ...given, training: rememberingPairs(given.training) };
  const run: Run = { spec, services, listen, signal };
  const startedAt = new Date();
  const started = performance.now();
  const machine = await services.machine();
  // Before a collection is fetched: this takes configuration files alone.
  await checkWidths(run);
  refuse(await checkStarts(run));
  const notes = new DataNotes();
  const datasets = await readCollections(run, notes);
  const collections = datasets.map(({ collection }) => collection);
  await refuseHopeless(run);

  const layers = await searchLayers(run, datasets, notes);
  const training: TrainingRow[] = [];
  const files = new Map<string, SystemFile>();
  const reportOf = (comparison: Comparison | null, failures: readonly string[]): Report => ({
    version: reportVersion,
    environment: environmentOf({
      machine,
      times: {
        startedAt: startedAt.toISOString(),
        startSeconds: (layers.startedAt - started) / 1000,
        seconds: (services.journal?.earlierSeconds ?? 0) + (performance.now() - started) / 1000,
      },
      datasets: datasets.map(({ report }) => ({ ...report, data: notes.of(report.name) })),
      layers,
      ...(comparison ? { files: [...files.values()] } : {}),
    }),
    spec,
    layerwise: layers.rows,
    training,
    comparison: comparison?.rows ?? [],
    rerankDepths: comparison?.depths ?? [],
    speed: comparison?.speed ?? [],
    tests: [...embeddingLayerTests(layers.rows), ...(comparison?.tests ?? [])],
    pooledTests: comparison?.pooledTests ?? [],
    failures,
  });

  const held: (() => Promise<void>)[] = [];
  const mined: TrainOptions['mined'] = new Map();
  for (const train of spec.train) {
    try {
      training.push(await trainAndKeep(run, train, { heldOut: collections, mined }, held));
    } catch (error) {
      // What was measured before is not lost with a training that fails.
      if (!isCancelled(error)) await listen({ type: 'report', report: reportOf(null, [sentenceOf(error)]) });
      throw error;
    }
  }
  const comparison = spec.compare.enabled
    ? await compareSystems({
        ...run,
        journal: services.journal,
        collections,
        notes,
        services: noting(services.comparison, files),
      })
    : null;
  if (comparison) services.keepComparison(comparison.details);
  const report = reportOf(comparison, comparison?.failures ?? []);
  for (const remove of held) await remove();
  await listen({ type: 'report', report });
  return report;
}

/** Looks at what comes after the layers, before they are embedded. @throws UserError where it cannot be run */
export async function refuseHopeless({ spec, services, listen, signal }: Run): Promise<void> {
  await listen({ type: 'stage', text: 'Checking what the run needs' });
  const { refused, leftOut, warnings } = await checkRun({ spec, services, signal });
  refuse(refused);
  const notice = (text: string): void => void listen({ type: 'notice', text });
  for (const text of leftOut) notice(`Would be left out of the comparison: ${text}`);
  for (const text of warnings) notice(text);
}

/** @throws UserError with all sentences where there is one */
function refuse([first, ...others]: readonly string[]): void {
  if (first === undefined) return;
  throw new UserError(others.length === 0 ? first : `${first} (${others.length} more: ${others.join(' ')})`);
}

/** @param held takes what is to be removed when the whole run has ended */
async function trainAndKeep(
  { spec, services, listen, signal }: Run,
  train: TrainSpec,
  shared: Pick<TrainOptions, 'heldOut' | 'mined'>,
  held: (() => Promise<void>)[],
): Promise<TrainingRow> {
  if (signal.aborted) throw new Cancelled();
  const { training, comparison: teachers, journal } = services;
  const isLast = train === spec.train.at(-1) && !spec.compare.enabled;
  const hold: TrainOptions['hold'] = journal && !isLast ? (remove) => held.push(remove) : undefined;
  const options = { train, spec, ...shared, services: training, teachers, hold, listen, signal };
  const { row, files } = await trainModel(options);
  services.keepModel(train.name, files);
  for (const { path, bytes } of files) {
    await listen({ type: 'artefact', path: `models/${train.name}/${path}`, append: false, bytes });
  }
  return row;
}

type OpenedModels = Partial<Record<ModelKind, StoredModel>>;

/** Takes part in a search: only of some documents, whose lists it keeps. */
export interface ShardSearch {
  rowsOf(collection: Collection): readonly [number, number];
  take(kind: ModelKind, collection: Collection, layers: readonly number[], ranked: RankedLayers): void;
}

export interface SearchedLayers {
  readonly rows: LayerwiseRow[];
  readonly models: Partial<Record<ModelKind, ModelReport>>;
  readonly search: string;
  /** When both models were open, by `performance.now()`. */
  readonly startedAt: number;
}

/** Opens both models, and searches every collection at every layer; nothing where `layerwise` is off. */
export async function searchLayers(
  run: Run,
  datasets: readonly Loaded[],
  notes: DataNotes,
  shard?: ShardSearch,
): Promise<SearchedLayers> {
  const { spec, listen, signal } = run;
  const { createSearcher } = run.services.layerwise;
  const { journal } = run.services;
  const opened: OpenedModels = {};
  const models: Partial<Record<ModelKind, ModelReport>> = {};
  const pace = new Pace();
  const rows: LayerwiseRow[] = [];
  let search = 'none';
  let startedAt = performance.now();
  try {
    for (const kind of spec.layerwise.enabled ? kinds : []) await open(run, kind, opened);
    startedAt = performance.now();
    await warnOfSpace(run, opened, datasets);
    const left = remaining(datasets, shard);
    for (const { collection } of datasets) {
      if (spec.keep.includes('runs')) await listen(qrelsFile(collection));
      for (const kind of kinds) {
        const one = opened[kind];
        if (!one) continue;
        await listen({
          type: 'stage',
          text: `Embedding ${collection.title} with the ${kind.toUpperCase()}`,
        });
        const result = await forCollection(one, collection, storeOf(run), async (model, store) => {
          const same = { kind, collection, model, store, spec, createSearcher, pace, left, listen, signal };
          if (!shard) return await layerwise({ ...same, kept: journal?.layers(kind, model, collection) });
          const ranked = await rankLayers({ ...same, rows: shard.rowsOf(collection) });
          shard.take(kind, collection, model.session.layers, ranked);
          return { ...ranked, rows: [] };
        });
        search = result.searchDevice === 'webgpu' ? 'WebGPU kernel' : 'plain TypeScript';
        rows.push(...result.rows);
        notes.embedded(collection.name, result.counts);
      }
    }
    for (const kind of kinds) {
      const one = opened[kind];
      if (one) models[kind] = modelReport(one.model, pace, kind);
    }
  } finally {
    for (const kind of kinds) {
      await opened[kind]?.store?.close();
      await opened[kind]?.model.session.dispose();
    }
  }
  return { rows, models, search, startedAt };
}

function storeOf({ services, listen }: Run): (model: OpenedModel) => Promise<OpenedStore | null> {
  return (model) => services.layerwise.openStore(model, (text) => void listen({ type: 'notice', text }));
}

async function open(run: Run, kind: ModelKind, into: OpenedModels): Promise<void> {
  const { spec, services, listen, signal } = run;
  if (signal.aborted) throw new Cancelled();
  await listen({ type: 'stage', text: `Opening the ${kind.toUpperCase()}, ${spec.models[kind].source}` });
  const model = await services.layerwise.openModel(
    kind,
    spec,
    (file, loaded, total) => void listen({ type: 'download', file, loaded, total }),
    signal,
  );
  // Noted before its store, so that a store that fails leaves no session behind.
  into[kind] = { model, store: null };
  into[kind] = { model, store: await sharedStore(model, storeOf(run)) };
  const { backend, why } = model.session.info;
  await listen({ type: 'backend', model: kind, backend, why });
}

export function qrelsFile(collection: Collection): RunEvent {
  return {
    type: 'artefact',
    path: `qrels/${collection.name}.trec`,
    append: false,
    bytes: new TextEncoder().encode(writeQrels(collection)),
  };
}

/** Embeddings that do not fit the storage are not kept, which costs the next run its time. */
async function warnOfSpace(
  { services, listen }: Run,
  opened: OpenedModels,
  datasets: readonly Loaded[],
): Promise<void> {
  const free = await services.layerwise.freeStorage();
  const texts = datasets.reduce((sum, { report }) => sum + report.queries + report.documents, 0);
  let size = 0;
  for (const { model, store } of Object.values(opened)) {
    if (store || model.idf) size += texts * model.session.layers.length * model.session.info.hiddenSize * 4;
  }
  if (free === null || size <= free) return;
  await listen({
    type: 'notice',
    text: `The embeddings of this run take up to ${inBytes(size)} and the browser grants ${inBytes(free)} more; what does not fit is not kept for the next run.`,
  });
}

/** The services of a comparison, whose model files are noted as they are opened. */
export function noting(services: CompareServices, files: Map<string, SystemFile>): CompareServices {
  const note = ({ source, file, sha256, backend, reading }: SessionInfo): void => {
    const known = files.get(`${source} ${sha256}`)?.reading;
    files.set(`${source} ${sha256}`, {
      source,
      file,
      sha256,
      backend,
      ...(reading || known ? { reading: reading ?? known } : {}),
    });
  };
  /** Noted once more when it is closed, as the device may have been lost by then. */
  const noted = <T extends { readonly info: SessionInfo; dispose(): Promise<void> }>(session: T): T => {
    note(session.info);
    const dispose = session.dispose.bind(session);
    session.dispose = async () => {
      note(session.info);
      await dispose();
    };
    return session;
  };
  return {
    ...services,
    async openSystem(...given) {
      const model = await services.openSystem(...given);
      return { ...model, session: noted(model.session) };
    },
    async openReranker(...given) {
      const reranker = await services.openReranker(...given);
      return { ...reranker, session: noted(reranker.session) };
    },
  };
}

/** Characters each model still has to embed. */
function remaining(datasets: readonly Loaded[], shard?: ShardSearch): Record<ModelKind, number> {
  let characters = 0;
  for (const { collection } of datasets) {
    const texts = collection.corpus.texts.slice(...(shard?.rowsOf(collection) ?? []));
    for (const text of texts) characters += text.length;
    for (const text of collection.queries.texts) characters += text.length;
  }
  return { ce: characters, de: characters };
}

function modelReport(model: OpenedModel, pace: Pace, kind: ModelKind): ModelReport {
  const { source, sha256, file, architecture, layers, hiddenSize, backend, why, check, threads } =
    model.session.info;
  return {
    source,
    sha256,
    file,
    architecture,
    layers,
    hiddenSize,
    backend,
    why,
    ...(check ? { check } : {}),
    threads,
    work: pace.of(kind),
  };
}
