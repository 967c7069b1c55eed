import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { EncoderShape } from '../../src/base/bertShape.ts';
import { UserError } from '../../src/base/userError.ts';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import { requestFullDevice } from '../../src/gpu/device.ts';
import { createSearcher } from '../../src/gpu/search/createSearcher.ts';
import { defaultPlan, type KernelPlan, type Precision } from '../../src/gpu/training/plan.ts';
import { createTrainer } from '../../src/gpu/training/trainer.ts';
import { measurePlan } from '../../src/gpu/training/tune.ts';
import { openStore } from '../../src/lab/cache/opfs.ts';
import type { ComparisonDetails } from '../../src/lab/compare/details.ts';
import { type LoadContext, loadCollection, served } from '../../src/lab/data/load.ts';
import { loadTrainingPairs } from '../../src/lab/data/loadPairs.ts';
import type { OpenedModel } from '../../src/lab/embed/openedModel.ts';
import { readModelConfig } from '../../src/lab/models/config.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import { readOwnPooling } from '../../src/lab/models/pooling.ts';
import { openLayerSession, openPlainSession } from '../../src/lab/models/session.ts';
import {
  pairEncoder,
  readTokenizer,
  type SinglePooling,
  selfPairEncoder,
  singleEncoder,
} from '../../src/lab/models/tokenise.ts';
import type { ModelFiles, ModelKind } from '../../src/lab/models/types.ts';
import type { Services } from '../../src/lab/pipeline/services.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { openCheckpoint } from '../../src/lab/training/checkpointStore.ts';
import type { FolderFile } from '../../src/lab/training/modelFolder.ts';
import { rememberedPlan } from '../../src/lab/training/planStore.ts';
import { versions } from './versions.ts';

/** Of a GPU's layouts: for mini-batches of so many tokens, and no longer than this. */
const measuring = { software: false, tokens: 2048, budget: 8000 } as const;

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

/** A run's surroundings in a browser's worker. */
export function browserServices(context: LabContext): Services {
  let device: Promise<GPUDevice | null> | null = null;
  /** What the last trainer's bits depend on: the adapter and how kernels are laid out on it. */
  let rounding = '';
  /** A software adapter is right but slower than plain TypeScript. */
  const searchDevice = (): Promise<GPUDevice | null> => {
    device ??= probeAdapter(navigator.gpu).then((probe) =>
      probe.kind === 'real' ? requestFullDevice(probe.adapter) : null,
    );
    return device;
  };

  /** How kernels are best laid out, measured once and remembered. */
  const plannedFor = async (
    device: GPUDevice,
    adapter: string,
    shape: EncoderShape,
    precision: Precision,
    say: (stage: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<KernelPlan> => {
    const { hidden, intermediate } = shape;
    const key = {
      adapter,
      userAgent: navigator.userAgent,
      appVersion: context.version,
      hidden,
      intermediate,
      precision,
    };
    return await rememberedPlan(key, defaultPlan(false, precision), async () => {
      await say('Measuring once how this GPU is best used');
      return await measurePlan(device, shape, { ...measuring, precision, signal });
    });
  };

  const openLayers = async (
    source: string,
    kind: ModelKind,
    spec: Spec,
    layers: readonly number[] | null | 'last',
    pooling: SinglePooling | null,
    signal: AbortSignal,
    onDownload?: (file: string, loaded: number, total: number | null) => void,
  ): Promise<OpenedModel> => {
    const files = await openModelFiles(source, context, signal);
    const last = layers === 'last' ? [(await readModelConfig(files, signal)).layers] : layers;
    const session = await openLayerSession(
      {
        files,
        kind,
        dtype: spec.models[kind].dtype,
        backend: spec.backend,
        adapter: await context.adapter(),
        signal,
        onDownload,
      },
      last,
    );
    const tokenizer = await readTokenizer(files, signal);
    const maxLength = Math.min(spec.maxLength, session.info.maxTokens);
    const { padTokenId } = session.info;
    return {
      session,
      tokenizerHash: await tokenizerHashOf(files, signal),
      encoder:
        kind === 'ce'
          ? selfPairEncoder(tokenizer, spec.pooling, maxLength, padTokenId)
          : singleEncoder(
              tokenizer,
              pooling ?? { rule: 'sentence', cls: spec.pooling.cls },
              maxLength,
              padTokenId,
            ),
    };
  };

  return {
    openModel: (kind, spec, onDownload, signal) =>
      openLayers(spec.models[kind].source, kind, spec, spec.layerwise.layers, null, signal, onDownload),

    async openSystem(system, spec, signal) {
      if (system.type === 'layer') {
        const { kind, layer, pooling } = system;
        const pooled = pooling ? { ...spec, pooling } : spec;
        return await openLayers(spec.models[kind].source, kind, pooled, [layer], null, signal);
      }
      const source = system.type === 'baseline' ? spec.models.de.source : system.source;
      const pooling = await readOwnPooling(await openModelFiles(source, context, signal), signal);
      return await openLayers(source, 'de', spec, 'last', pooling, signal);
    },

    async openReranker(spec, signal) {
      const files = await openModelFiles(spec.models.ce.source, context, signal);
      const { labels, architecture } = await readModelConfig(files, signal);
      if (labels !== 1) {
        throw new UserError(
          labels === null
            ? `is a ${architecture} without a head; rerank with a cross encoder that has one logit.`
            : `has ${labels} logits; rerank with a cross encoder that has one.`,
          { file: `${files.source}/config.json` },
        );
      }
      const session = await openPlainSession({
        files,
        kind: 'ce',
        dtype: spec.models.ce.dtype,
        backend: spec.backend,
        adapter: await context.adapter(),
        signal,
      });
      const tokenizer = await readTokenizer(files, signal);
      const maxLength = Math.min(spec.maxLength, session.info.maxTokens);
      return {
        session,
        encoder: pairEncoder(tokenizer, maxLength, session.info.padTokenId),
        tokenizerHash: await tokenizerHashOf(files, signal),
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
      return Promise.resolve(served(new URL(`__local/data/${name}`, context.base).href, name, signal));
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

    createSearcher: async (options) => createSearcher(await searchDevice(), options),

    openFiles: (source, signal) => openModelFiles(source, context, signal),

    loadTrainingPairs: (source, signal, most, columns) =>
      loadTrainingPairs(source, context, signal, most, columns),

    async createTrainer({ precision, ...options }, say, signal) {
      // An adapter gives one device only.
      const probe = await probeAdapter(navigator.gpu);
      if (probe.kind === 'none') {
        throw new UserError(`Training needs WebGPU, but ${probe.description}; use a current browser.`);
      }
      const device = await requestFullDevice(probe.adapter);
      const software = probe.kind === 'software';
      // A processor's caches make little of another layout, and measuring there takes long.
      const plan = software
        ? defaultPlan(true, precision)
        : await plannedFor(device, probe.description, options.shape, precision, say, signal);
      rounding = `${probe.description} ${JSON.stringify(plan)}`;
      const trainer = await createTrainer(device, { ...options, plan });
      return { trainer, adapter: probe.description };
    },

    keepModel(name, files) {
      context.keepModel(name, files);
      return Promise.resolve();
    },

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
