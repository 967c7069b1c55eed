import { version } from '../../package.json';
import { UserError } from '../../src/base/userError.ts';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import { clearStores, listStores, type StoreSummary } from '../../src/lab/cache/opfs.ts';
import type { ComparisonDetails, QueryDifference, SeenQuery } from '../../src/lab/compare/details.ts';
import type { DroppedFile } from '../../src/lab/data/droppedFile.ts';
import { expectedCollection } from '../../src/lab/data/hub/expect.ts';
import type { HubChoice, HubPreview } from '../../src/lab/data/hub/preview.ts';
import { loadCollection } from '../../src/lab/data/load.ts';
import { type Preview, type Understood, understand } from '../../src/lab/data/understand.ts';
import { setHubAccess } from '../../src/lab/hub/access.ts';
import { type KeptModel, listKept, removeKept } from '../../src/lab/hub/kept.ts';
import { defaultHub } from '../../src/lab/hub/name.ts';
import { type HubModel, searchModels } from '../../src/lab/hub/searchModels.ts';
import { chooseBackend, deviceOf } from '../../src/lab/models/backend.ts';
import { readBertConfig } from '../../src/lab/models/bert/config.ts';
import { readModelConfig } from '../../src/lab/models/config.ts';
import { describeModel, type ModelDescription } from '../../src/lab/models/describeModel.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import { chooseModelFile } from '../../src/lab/models/modelFile.ts';
import { threadCount } from '../../src/lab/models/runtime.ts';
import { requireTokenizer } from '../../src/lab/models/tokenise.ts';
import type { Backend, ModelKind } from '../../src/lab/models/types.ts';
import { checkSpec, type Findings } from '../../src/lab/pipeline/checkRun.ts';
import { type Estimate, estimateCost, type Pacing, pacingOf } from '../../src/lab/pipeline/estimate.ts';
import type { RunListener } from '../../src/lab/pipeline/events.ts';
import { runExperiment } from '../../src/lab/pipeline/run.ts';
import type { Report } from '../../src/lab/report/report.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { clearRun, listRuns, type StoredRun } from '../../src/lab/training/checkpointStore.ts';
import { type TrainingCost, trainingCost } from '../../src/lab/training/cost.ts';
import { zipFolder } from '../../src/lab/training/zip.ts';
import { browserServices, type LabContext } from './services.ts';

export type { Estimate };

export interface Machine {
  readonly adapter: string;
  readonly adapterKind: AdapterProbe['kind'];
  /** What `auto` runs a model on, and why. */
  readonly backend: Backend;
  readonly why: string;
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
}

/** The hub that is asked, and as whom. */
export interface HubChosen {
  /** Its origin. */
  readonly endpoint: string;
  /** Empty for none. */
  readonly token: string;
}

/** What was understood of a dropped model folder. */
export interface ModelPreview {
  readonly source: string;
  /** A classifier is taken for a cross encoder. */
  readonly kind: ModelKind;
  /** One sentence in the user's words. */
  readonly sentence: string;
}

export interface StoredSummary {
  readonly stores: readonly StoreSummary[];
  /** Of the stores. */
  readonly bytes: number;
  /** Training runs that were stopped. */
  readonly runs: readonly StoredRun[];
  /** Models of the hub. */
  readonly downloads: readonly KeptModel[];
  /** What the browser grants the page in all; null where it does not say. */
  readonly quota: number | null;
}

/** What the page calls. Everything thrown has a `message` fit to show. */
export interface LabWorker {
  /** @param base URL of the folder that holds index.html */
  start(base: string, hub: HubChosen): void;
  /**
   * Runs a spec, one at a time; rejects with AbortError when cancelled.
   * @param files whether `listen` takes files to keep
   */
  run(spec: Spec, listen: RunListener, files: boolean): Promise<Report>;
  cancel(): void;
  /** What would stop the run of a spec, or be left out of it. */
  check(spec: Spec): Promise<Findings>;
  /** Reads dropped files as a collection, which a spec then names `folder:NAME`. */
  preview(name: string, files: readonly DroppedFile[]): Promise<Preview>;
  /** Looks into a data set of the hub, for its columns to be chosen. */
  previewHub(source: string, choice: HubChoice): Promise<HubPreview>;
  /** Keeps a dropped model folder, which a spec then names `folder:NAME`. */
  addModel(name: string, files: readonly DroppedFile[]): Promise<ModelPreview>;
  /** What a model is and what can be had of it. @param graph whether its graph is read, which of the hub's is downloaded */
  describeModel(
    source: string,
    dtype: Spec['models']['ce']['dtype'],
    graph: boolean,
  ): Promise<ModelDescription>;
  /** Models of the hub that the lab can run, by role and part of the name. */
  searchModels(kind: ModelKind, text: string): Promise<readonly HubModel[]>;
  /** A model that was trained here or dropped, as a .zip. */
  zipModel(name: string): Promise<Blob>;
  /** @param stored pace of the stored report, for before anything was measured here */
  estimate(spec: Spec, stored: Pacing | null): Promise<Estimate>;
  /** Takes a TREC run file, which a comparison then names `run:NAME`. */
  addRun(name: string, file: File): void;
  /** What the spec's training runs take of the device. @throws UserError when a model is none that can be trained */
  trainingCosts(spec: Spec): Promise<readonly TrainingCost[]>;
  /** Queries that two systems of the last comparison answer differently, the largest differences first. */
  differences(...args: Parameters<ComparisonDetails['differences']>): readonly QueryDifference[];
  /** Ranked lists of the last comparison as TREC files, and its qrels, as a .zip. */
  zipRuns(): Promise<Blob>;
  /** One query of the last comparison; null when there was none yet. */
  seenQuery(dataset: string, query: number): SeenQuery | null;
  machine(): Promise<Machine>;
  stored(): Promise<StoredSummary>;
  clearStored(): Promise<void>;
  /** Forgets a stopped training run. */
  clearRun(key: string): Promise<void>;
  /** Deletes a model of the hub that is kept. */
  clearDownload(repository: string, commit: string): Promise<void>;
}

/** The lab of one worker: what was dropped on it, what was measured, and at most one run. */
export function createLab(): LabWorker {
  const models = new Map<string, ReadonlyMap<string, File>>();
  const understood = new Map<string, Understood>();
  const runFiles = new Map<string, File>();
  let comparison: ComparisonDetails | null = null;
  let base = '';
  let hub = defaultHub;
  let running: AbortController | null = null;
  let measured: Pacing | null = null;
  let probe: Promise<AdapterProbe> | null = null;

  const adapter = (): Promise<AdapterProbe> => {
    probe ??= probeAdapter(navigator.gpu);
    return probe;
  };
  const context = (): LabContext => ({
    base,
    hub,
    folders: models,
    understood,
    runFiles,
    adapter,
    version,
    keepComparison: (details) => {
      comparison = details;
    },
    keepModel: (name, files) => {
      const kept = files.map(({ path, bytes }) => [path, new File([bytes], path)] as const);
      models.set(name, new Map(kept));
    },
  });

  return {
    start(url, { endpoint, token }) {
      base = url;
      hub = endpoint;
      setHubAccess({ token: token === '' ? null : { origin: endpoint, value: token } });
    },

    async run(spec, listen, files) {
      const say: RunListener = (event) => (event.type === 'artefact' && !files ? undefined : listen(event));
      if (running) throw new UserError('A run is going on; cancel it or wait for its end.');
      running = new AbortController();
      setHubAccess({ onNotice: (text) => void say({ type: 'notice', text }) });
      const services = browserServices(context());
      try {
        const report = await runExperiment(spec, services, say, running.signal);
        measured = pacingOf(report, 'the last run here') ?? measured;
        return report;
      } finally {
        await services.dispose();
        running = null;
        setHubAccess({ onNotice: () => {} });
      }
    },

    cancel() {
      running?.abort();
    },

    check: (spec) =>
      checkSpec({ spec, services: browserServices(context()), signal: new AbortController().signal }),

    async preview(name, files) {
      const sources = files.map(({ path, file }) => ({
        name: path,
        path,
        stream: () => Promise.resolve(file.stream()),
      }));
      const read = await understand(name, sources);
      understood.set(name, read);
      return read.preview;
    },

    async previewHub(source, choice) {
      const { previewHub } = await import('../../src/lab/data/hub/preview.ts');
      return await previewHub(source, choice, context());
    },

    async addModel(name, files) {
      const byPath = new Map(files.map(({ path, file }) => [path, file]));
      if (!byPath.has('config.json')) {
        throw new UserError(`"${name}" has no config.json; drop a model folder in the hub's layout.`);
      }
      const source = `folder:${name}`;
      const opened = await openModelFiles(source, { ...context(), folders: new Map([[name, byPath]]) });
      const { architecture, labels, layers, hiddenSize } = await readModelConfig(opened);
      const found = await adapter();
      const device = deviceOf(chooseBackend('auto', found).backend, found);
      const { path: file } = await chooseModelFile(opened, 'auto', device);
      await requireTokenizer(opened);
      models.set(name, byPath);
      return {
        source,
        kind: labels === null ? 'de' : 'ce',
        sentence: `${name}: ${architecture}, ${layers} layers of ${hiddenSize}, read from ${file}.`,
      };
    },

    async describeModel(source, dtype, graph) {
      const found = await adapter();
      return await describeModel(await openModelFiles(source, context()), {
        device: deviceOf(chooseBackend('auto', found).backend, found),
        dtype,
        graph,
      });
    },

    searchModels: (kind, text) => searchModels(hub, { kind, text }),

    async zipModel(name) {
      const files = models.get(name);
      if (!files) throw new UserError(`The model "${name}" is not here any more; train it again.`);
      const list = await Promise.all(
        [...files].map(async ([path, file]) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })),
      );
      return await new Response(zipFolder(name, list, new Date()).stream).blob();
    },

    estimate: (spec, stored) =>
      estimateCost(
        spec,
        measured ?? stored,
        async (dataset) =>
          expectedCollection(dataset) ??
          (await loadCollection(dataset, context(), { seed: spec.seed })).collection,
      ),

    async trainingCosts({ models: { ce, de }, train }) {
      const costs: TrainingCost[] = [];
      for (const one of train) {
        const files = await openModelFiles((one.init === 'de' ? de : ce).source, context());
        const { shape } = await readBertConfig(files);
        costs.push(trainingCost({ ...shape, layers: one.layers }, one));
      }
      return costs;
    },

    addRun(name, file) {
      runFiles.set(name, file);
    },

    differences: (...args) => comparison?.differences(...args) ?? [],

    async zipRuns() {
      if (!comparison) throw new UserError('No comparison was run here yet; press Compare.');
      const files = comparison
        .files()
        .map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text) }));
      return await new Response(zipFolder('comparison', files, new Date()).stream).blob();
    },

    seenQuery: (dataset, query) => comparison?.query(dataset, query) ?? null,

    async machine() {
      const found = await adapter();
      return {
        adapter: found.description,
        adapterKind: found.kind,
        ...chooseBackend('auto', found),
        threads: threadCount(),
        crossOriginIsolated,
      };
    },

    async stored() {
      const stores = await listStores();
      const { quota } = await navigator.storage.estimate();
      return {
        stores,
        bytes: stores.reduce((sum, store) => sum + store.bytes, 0),
        runs: await listRuns(),
        downloads: await listKept(),
        quota: quota ?? null,
      };
    },

    async clearStored() {
      if (running) throw new UserError('A run is using the stored embeddings; cancel it first.');
      await clearStores();
    },

    async clearRun(key) {
      if (running) throw new UserError('A run may be using its checkpoint; pause it first.');
      await clearRun(key);
    },

    async clearDownload(repository, commit) {
      if (running) throw new UserError('A run may be using it; cancel the run first.');
      await removeKept(repository, commit);
    },
  };
}
