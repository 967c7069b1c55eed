import { Cancelled, isCancelled, sentenceOf, UserError } from '../../base/userError.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import type { DataReport } from '../data/dataReport.ts';
import { collectionHash } from '../data/hash.ts';
import { withOwnDocuments } from '../data/ownDocuments.ts';
import { sampleCollection } from '../data/sample.ts';
import type { OpenedModel } from '../embed/openedModel.ts';
import { Pace } from '../embed/pace.ts';
import { writeQrels } from '../formats/trec.ts';
import type { ModelKind, SessionInfo } from '../models/types.ts';
import { DataNotes } from '../report/dataNotes.ts';
import { reportVersion } from '../report/read.ts';
import type {
  DatasetReport,
  LayerwiseRow,
  ModelReport,
  Report,
  SystemFile,
  TrainingRow,
} from '../report/report.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import type { FolderFile } from '../training/modelFolder.ts';
import { checkRun } from './checkRun.ts';
import { type Comparison, compareSystems } from './compare.ts';
import { embeddingLayerTests } from './compareLayers.ts';
import type { RunListener } from './events.ts';
import { layerwise } from './layerwise.ts';
import type { Services } from './services.ts';
import { trainModel } from './train.ts';

export const kinds: readonly ModelKind[] = ['ce', 'de'];

interface Loaded {
  readonly spec: DatasetSpec;
  readonly collection: Collection;
  readonly report: DatasetReport;
  readonly selfPairs: DataReport['selfPairs'];
}

/**
 * Runs an experiment from its spec to its report. Events say how far it is; kept files go out as
 * `artefact` events, which are awaited, so that they are written no faster than they are taken.
 * @throws UserError for what the user can mend, Cancelled when the signal is aborted. What had been
 * embedded by then is stored, and is not computed again in the next run.
 */
export async function runExperiment(
  spec: Spec,
  given: Services,
  listen: RunListener,
  signal: AbortSignal,
): Promise<Report> {
  const services = rememberingPairs(given);
  const startedAt = new Date();
  const started = performance.now();
  const notice = (text: string): void => void listen({ type: 'notice', text });
  const machine = await services.machine();

  await listen({ type: 'stage', text: 'Reading the collections' });
  const datasets: Loaded[] = [];
  const notes = new DataNotes();
  for (const dataset of spec.datasets) {
    const taken = new Set(datasets.map(({ collection }) => collection.name));
    const loaded = await load(dataset, taken, spec, services, listen, signal);
    datasets.push(loaded);
    notes.read(loaded.collection, loaded.selfPairs);
  }

  await listen({ type: 'stage', text: 'Checking what the run needs' });
  const { refused, leftOut, warnings } = await checkRun({ spec, services, signal });
  const [first, ...others] = refused;
  if (first !== undefined) {
    throw new UserError(
      others.length === 0 ? first : `${first} (${others.length} more: ${others.join(' ')})`,
    );
  }
  for (const text of leftOut) notice(`Would be left out of the comparison: ${text}`);
  for (const text of warnings) notice(text);

  const embedded = await embedLayers({ spec, services, datasets, notes, listen, signal });
  const startSeconds = (embedded.startedAt - started) / 1000;
  const training: TrainingRow[] = [];
  const files = new Map<string, SystemFile>();
  const reportOf = (comparison: Comparison | null, failures: readonly string[]): Report => ({
    version: reportVersion,
    environment: {
      version: machine.appVersion,
      startedAt: startedAt.toISOString(),
      startSeconds,
      seconds: (performance.now() - started) / 1000,
      userAgent: machine.userAgent,
      adapter: machine.adapter,
      hardwareConcurrency: machine.hardwareConcurrency,
      crossOriginIsolated: machine.crossOriginIsolated,
      versions: machine.versions,
      models: embedded.models,
      datasets: datasets.map(({ report }) => ({ ...report, data: notes.of(report.name) })),
      ...(comparison ? { files: [...files.values()] } : {}),
      search: embedded.search,
    },
    spec,
    layerwise: embedded.rows,
    training,
    comparison: comparison?.rows ?? [],
    rerankDepths: comparison?.depths ?? [],
    speed: comparison?.speed ?? [],
    tests: [...embeddingLayerTests(embedded.rows), ...(comparison?.tests ?? [])],
    failures,
  });

  const collections = datasets.map(({ collection }) => collection);
  for (const train of spec.train) {
    if (signal.aborted) throw new Cancelled();
    try {
      const trained = await trainModel({ train, spec, heldOut: collections, services, listen, signal });
      training.push(trained.row);
      await keepTrained(train.name, trained.files, services, listen);
    } catch (error) {
      // What was measured before is not lost with a training that fails.
      if (!isCancelled(error)) await listen({ type: 'report', report: reportOf(null, [sentenceOf(error)]) });
      throw error;
    }
  }
  const comparison = spec.compare.enabled
    ? await compareSystems({ spec, collections, services: noting(services, files), notes, listen, signal })
    : null;
  if (comparison) services.keepComparison(comparison.details);
  const report = reportOf(comparison, comparison?.failures ?? []);
  await listen({ type: 'report', report });
  return report;
}

async function keepTrained(
  name: string,
  files: readonly FolderFile[],
  services: Services,
  listen: RunListener,
): Promise<void> {
  await services.keepModel(name, files);
  for (const { path, bytes } of files) {
    await listen({ type: 'artefact', path: `models/${name}/${path}`, append: false, bytes });
  }
}

interface EmbedLayersOptions {
  readonly spec: Spec;
  readonly services: Services;
  readonly datasets: readonly Loaded[];
  readonly notes: DataNotes;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

interface EmbeddedLayers {
  readonly rows: LayerwiseRow[];
  readonly models: Partial<Record<ModelKind, ModelReport>>;
  readonly search: string;
  /** When both models were open, by `performance.now()`. */
  readonly startedAt: number;
}

/** Opens both models, and searches every collection at every layer. */
async function embedLayers({
  spec,
  services,
  datasets,
  notes,
  listen,
  signal,
}: EmbedLayersOptions): Promise<EmbeddedLayers> {
  const notice = (text: string): void => void listen({ type: 'notice', text });
  const opened: Partial<Record<ModelKind, { model: OpenedModel; store: OpenedStore | null }>> = {};
  const models: Partial<Record<ModelKind, ModelReport>> = {};
  const pace = new Pace();
  const rows: LayerwiseRow[] = [];
  let search = 'none';
  let startedAt = performance.now();
  try {
    for (const kind of spec.layerwise.enabled ? kinds : []) {
      if (signal.aborted) throw new Cancelled();
      await listen({ type: 'stage', text: `Opening the ${kind.toUpperCase()}, ${spec.models[kind].source}` });
      const model = await services.openModel(
        kind,
        spec,
        (file, loaded, total) => void listen({ type: 'download', file, loaded, total }),
        signal,
      );
      const { info } = model.session;
      opened[kind] = { model, store: null };
      opened[kind] = { model, store: await services.openStore(model, notice) };
      await listen({ type: 'backend', model: kind, backend: info.backend, why: info.why });
    }
    startedAt = performance.now();
    await warnOfSpace(opened, datasets, services, listen);
    const left = remaining(datasets);
    for (const dataset of datasets) {
      if (spec.keep.includes('runs')) {
        await listen({
          type: 'artefact',
          path: `qrels/${dataset.collection.name}.trec`,
          append: false,
          bytes: new TextEncoder().encode(writeQrels(dataset.collection)),
        });
      }
      for (const kind of kinds) {
        const open = opened[kind];
        if (!open) continue;
        await listen({
          type: 'stage',
          text: `Embedding ${dataset.collection.title} with the ${kind.toUpperCase()}`,
        });
        const result = await layerwise({
          kind,
          collection: dataset.collection,
          model: open.model,
          store: open.store,
          spec,
          createSearcher: services.createSearcher,
          pace,
          left,
          listen,
          signal,
        });
        search = result.searchDevice === 'webgpu' ? 'WebGPU kernel' : 'plain TypeScript';
        rows.push(...result.rows);
        notes.embedded(dataset.collection.name, result.counts);
      }
    }
    for (const kind of kinds) {
      const open = opened[kind];
      if (open) models[kind] = modelReport(open.model, pace, kind);
    }
  } finally {
    for (const kind of kinds) {
      await opened[kind]?.store?.close();
      await opened[kind]?.model.session.dispose();
    }
  }
  return { rows, models, search, startedAt };
}

/** Embeddings that do not fit the storage are not kept, which costs the next run its time. */
async function warnOfSpace(
  opened: Partial<Record<ModelKind, { model: OpenedModel; store: OpenedStore | null }>>,
  datasets: readonly Loaded[],
  services: Services,
  listen: RunListener,
): Promise<void> {
  const free = await services.freeStorage();
  const texts = datasets.reduce((sum, { report }) => sum + report.queries + report.documents, 0);
  let bytes = 0;
  for (const { model, store } of Object.values(opened)) {
    if (store) bytes += texts * model.session.layers.length * model.session.info.hiddenSize * 4;
  }
  if (free === null || bytes <= free) return;
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6).toLocaleString('en')} MB`;
  await listen({
    type: 'notice',
    text: `The embeddings of this run take up to ${megabytes(bytes)} and the browser has ${megabytes(free)} left; what does not fit is not kept for the next run.`,
  });
}

async function load(
  dataset: Spec['datasets'][number],
  taken: ReadonlySet<string>,
  spec: Spec,
  services: Services,
  listen: RunListener,
  signal: AbortSignal,
): Promise<Loaded> {
  if (signal.aborted) throw new Cancelled();
  const whole = await services.loadCollection(
    dataset,
    {
      seed: spec.seed,
      signal,
      onDownload: (file, loaded, total) => void listen({ type: 'download', file, loaded, total }),
    },
    (text) => void listen({ type: 'notice', text }),
  );
  const sampled = sampleCollection(whole, {
    queries: dataset.queries,
    documents: dataset.documents,
    seed: spec.seed,
  });
  const name = freeName(sampled.name, taken);
  const title = name === sampled.name ? sampled.title : `${sampled.title} (${dataset.source})`;
  const { collection, selfPairs } = withOwnDocuments({ ...sampled, name, title }, dataset.excludeSelf);
  return {
    spec: dataset,
    collection,
    selfPairs,
    report: {
      name: collection.name,
      title: collection.title,
      source: collection.source,
      licence: collection.licence,
      queries: collection.queries.ids.length,
      documents: collection.corpus.ids.length,
      ...(collection.judgements === undefined ? {} : { judgements: collection.judgements }),
      totalQueries: whole.of?.queries ?? whole.queries.ids.length,
      totalDocuments: whole.of?.documents ?? whole.corpus.ids.length,
      sha256: collectionHash(collection),
    },
  };
}

/** Training pairs are read once, for the check and for the runs that take them. */
function rememberingPairs(services: Services): Services {
  const read = new Map<string, ReturnType<Services['loadTrainingPairs']>>();
  return {
    ...services,
    loadTrainingPairs(source, signal, most, columns) {
      const key = JSON.stringify([source, most, columns]);
      const pairs = read.get(key) ?? services.loadTrainingPairs(source, signal, most, columns);
      read.set(key, pairs);
      return pairs;
    },
  };
}

/** The services of a comparison, whose model files are noted as they are opened. */
function noting(services: Services, files: Map<string, SystemFile>): Services {
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
  return {
    ...services,
    async openSystem(...given) {
      const model = await services.openSystem(...given);
      note(model.session.info);
      return model;
    },
    async openReranker(...given) {
      const reranker = await services.openReranker(...given);
      note(reranker.session.info);
      return reranker;
    },
  };
}

/** Reports and files are by collection name: a second collection of a name has a number behind it. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

/** Characters each model still has to embed. */
function remaining(datasets: readonly Loaded[]): Record<ModelKind, number> {
  let characters = 0;
  for (const { collection } of datasets) {
    for (const text of collection.corpus.texts) characters += text.length;
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
