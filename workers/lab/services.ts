import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { EncoderShape } from '../../src/base/bertShape.ts';
import { UserError } from '../../src/base/userError.ts';
import type { AdapterProbe } from '../../src/gpu/adapter.ts';
import { DeviceOwner, type DeviceSession } from '../../src/gpu/deviceSession.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
  type Precision,
} from '../../src/gpu/launchConfiguration.ts';
import { createSearcher } from '../../src/gpu/search/createSearcher.ts';
import { autotune } from '../../src/gpu/training/autotune.ts';
import { createTrainer } from '../../src/gpu/training/trainer.ts';
import { openStore } from '../../src/lab/cache/opfs.ts';
import type { ComparisonDetails } from '../../src/lab/compare/details.ts';
import { openReranker, requireHead } from '../../src/lab/compare/openReranker.ts';
import { type LoadContext, loadCollection, served } from '../../src/lab/data/load.ts';
import { loadTrainingPairs } from '../../src/lab/data/loadPairs.ts';
import { checkBaseline, checkLayers } from '../../src/lab/embed/checkModel.ts';
import { openBaseline } from '../../src/lab/embed/openBaseline.ts';
import type { OpenedModel } from '../../src/lab/embed/openedModel.ts';
import { encodePath } from '../../src/lab/hub/encodePath.ts';
import { checkStore } from '../../src/lab/models/checkStore.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import type { SessionOptions } from '../../src/lab/models/readModel.ts';
import { ownSettings } from '../../src/lab/models/sentenceTransformers/ownReading.ts';
import { openLayerSession } from '../../src/lab/models/session.ts';
import { settleBackend } from '../../src/lab/models/settleBackend.ts';
import {
  readTokenizer,
  requireTokenizer,
  selfPairEncoder,
  singleEncoder,
} from '../../src/lab/models/tokenise.ts';
import type { ModelFiles, ModelKind } from '../../src/lab/models/types.ts';
import type { Services } from '../../src/lab/pipeline/services.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { openCheckpoint } from '../../src/lab/training/checkpointStore.ts';
import { rememberedLaunch } from '../../src/lab/training/launchStore.ts';
import type { FolderFile } from '../../src/lab/training/modelFolder.ts';
import { versions } from './versions.ts';

/** Of a GPU's layouts: for mini-batches of so many tokens, and no longer than this. */
const measuring = { tokens: 2048, budget: 8000 } as const;

export interface LabContext extends LoadContext {
  readonly adapter: () => Promise<AdapterProbe>;
  readonly version: string;
  readonly keepModel: (name: string, files: readonly FolderFile[]) => void;
  readonly keepComparison: (details: ComparisonDetails) => void;
  /** Dropped TREC run files by name. */
  readonly runFiles: ReadonlyMap<string, File>;
}

async function tokenizerHashOf(files: ModelFiles, signal: AbortSignal): Promise<string> {
  return bytesToHex(sha256(utf8ToBytes(await files.text('tokenizer.json', signal)))).slice(0, 16);
}

/** A run's surroundings in a browser's worker; to be disposed when the run has ended, however it did. */
export function browserServices(context: LabContext): Services & { dispose(): Promise<void> } {
  const devices = new DeviceOwner(navigator.gpu);
  /** What the last trainer's bits depend on: the adapter and how kernels are launched on it. */
  let rounding = '';
  /** A software adapter is right but slower than plain TypeScript. */
  const searchSession = async (): Promise<DeviceSession | null> =>
    (await context.adapter()).kind === 'real' ? await devices.session() : null;

  /** How kernels are best launched, measured once and remembered. */
  const configurationFor = async (
    session: DeviceSession,
    shape: EncoderShape,
    precision: Precision,
    say: (stage: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<LaunchConfiguration> => {
    const { hidden, intermediate } = shape;
    const key = {
      adapter: session.adapter,
      userAgent: navigator.userAgent,
      appVersion: context.version,
      hidden,
      intermediate,
      precision,
    };
    return await rememberedLaunch(key, defaultLaunchConfiguration(false, precision), async () => {
      await say('Measuring once how this GPU is best used');
      return await autotune(session, shape, { ...measuring, precision, signal });
    });
  };

  const sessionOptions = async (
    { source, kind, spec }: { readonly source: string; readonly kind: ModelKind; readonly spec: Spec },
    signal: AbortSignal,
    onDownload?: SessionOptions['onDownload'],
  ): Promise<SessionOptions> =>
    await settleBackend(
      {
        files: await openModelFiles(source, context, signal),
        kind,
        dtype: spec.models[kind].dtype,
        backend: spec.backend,
        adapter: await context.adapter(),
        signal,
        onDownload,
      },
      checkStore(navigator.userAgent, context.version),
    );

  const openLayers = async (
    kind: ModelKind,
    spec: Spec,
    layers: readonly number[] | null,
    signal: AbortSignal,
    onDownload?: SessionOptions['onDownload'],
  ): Promise<OpenedModel> => {
    const { source } = spec.models[kind];
    const options = await sessionOptions({ source, kind, spec }, signal, onDownload);
    const { files } = options;
    await requireTokenizer(files);
    const session = await openLayerSession(options, layers);
    const tokenizer = await readTokenizer(files, signal);
    const maxLength = Math.min(spec.maxLength, session.info.maxTokens);
    const { padTokenId } = session.info;
    return {
      session,
      tokenizerHash: await tokenizerHashOf(files, signal),
      encoder:
        kind === 'ce'
          ? selfPairEncoder(tokenizer, spec.pooling, maxLength, padTokenId)
          : singleEncoder(tokenizer, { rule: 'sentence', cls: spec.pooling.cls }, maxLength, padTokenId),
    };
  };

  return {
    async check(part, spec, signal) {
      switch (part.type) {
        case 'models':
          return await checkLayers(
            await sessionOptions({ source: spec.models[part.kind].source, kind: part.kind, spec }, signal),
            spec.layerwise.enabled ? spec.layerwise.layers : [],
          );
        case 'system': {
          const { system } = part;
          if (system.type === 'layer') {
            const { kind, layer } = system;
            const options = await sessionOptions({ source: spec.models[kind].source, kind, spec }, signal);
            return await checkLayers(options, [layer]);
          }
          const source = system.type === 'baseline' ? spec.models.de.source : system.source;
          const settings = system.type === 'baseline' ? spec.models.de : ownSettings;
          return await checkBaseline(await sessionOptions({ source, kind: 'de', spec }, signal), settings);
        }
        case 'reranker': {
          const files = await openModelFiles(spec.models.ce.source, context, signal);
          await requireHead(files, signal);
          return await requireTokenizer(files);
        }
        case 'trainer':
          if ((await context.adapter()).kind === 'none') {
            const { description } = await context.adapter();
            throw new UserError(`Training needs WebGPU, but ${description}; use a current browser.`);
          }
      }
    },

    async freeStorage() {
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined || usage === undefined ? null : quota - usage;
    },

    openModel: (kind, spec, onDownload, signal) =>
      openLayers(kind, spec, spec.layerwise.layers, signal, onDownload),

    async openSystem(system, spec, signal) {
      if (system.type === 'layer') {
        const { kind, layer, pooling } = system;
        return await openLayers(kind, pooling ? { ...spec, pooling } : spec, [layer], signal);
      }
      const baseline = system.type === 'baseline';
      const source = baseline ? spec.models.de.source : system.source;
      const options = await sessionOptions({ source, kind: 'de', spec }, signal);
      return {
        ...(await openBaseline(options, baseline ? spec.models.de : ownSettings)),
        tokenizerHash: await tokenizerHashOf(options.files, signal),
      };
    },

    async openReranker(spec, signal) {
      const { source, label } = spec.models.ce;
      const options = await sessionOptions({ source, kind: 'ce', spec }, signal);
      return {
        ...(await openReranker(options, { maxLength: spec.maxLength, label })),
        tokenizerHash: await tokenizerHashOf(options.files, signal),
      };
    },

    openScoreStore: ({ session, encoder, tokenizerHash }, onNotice) =>
      openStore(
        {
          source: session.info.source,
          model: session.info.sha256,
          tokenizer: tokenizerHash,
          layers: [session.info.layers],
          hiddenSize: 1,
          rows: encoder.key,
        },
        onNotice,
      ),

    openRunFile(name, signal) {
      const file = context.runFiles.get(name);
      if (file) return Promise.resolve({ name, stream: () => Promise.resolve(file.stream()) });
      return Promise.resolve(
        served(new URL(`__local/data/${encodePath(name)}`, context.base).href, name, signal),
      );
    },

    keepComparison: (details) => context.keepComparison(details),

    openStore: ({ session, encoder, tokenizerHash }, onNotice) =>
      openStore(
        {
          source: session.info.source,
          model: session.info.sha256,
          tokenizer: tokenizerHash,
          layers: session.layers,
          hiddenSize: session.info.hiddenSize,
          rows: encoder.key,
        },
        onNotice,
      ),

    async loadCollection(dataset, options, onNotice) {
      const { collection, warnings } = await loadCollection(dataset, context, options);
      for (const warning of warnings) onNotice(warning);
      return collection;
    },

    createSearcher: async (options) => createSearcher(await searchSession(), options),

    openFiles: (source, signal) => openModelFiles(source, context, signal),

    loadTrainingPairs: (source, signal, most, columns) =>
      loadTrainingPairs(source, context, signal, most, columns),

    async createTrainer({ precision, ...options }, say, signal) {
      const session = await devices.session();
      // A processor's caches make little of another variant, and measuring there takes long.
      const configuration = session.software
        ? defaultLaunchConfiguration(true, precision)
        : await configurationFor(session, options.shape, precision, say, signal);
      rounding = `${session.adapter} ${JSON.stringify(configuration)}`;
      const trainer = await createTrainer(session, { ...options, configuration });
      return { trainer, adapter: session.adapter };
    },

    keepModel(name, files) {
      context.keepModel(name, files);
      return Promise.resolve();
    },

    dispose: () => devices.dispose(),

    openCheckpoint: (identity, onNotice) => openCheckpoint(identity, rounding, onNotice),

    async machine() {
      const probe = await context.adapter();
      return {
        appVersion: context.version,
        userAgent: navigator.userAgent,
        adapter: probe.kind === 'none' ? null : probe.description,
        hardwareConcurrency: navigator.hardwareConcurrency,
        crossOriginIsolated,
        versions,
      };
    },
  };
}
