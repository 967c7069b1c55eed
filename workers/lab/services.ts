import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import { requestFullDevice } from '../../src/gpu/device.ts';
import { createSearcher } from '../../src/gpu/search/createSearcher.ts';
import { defaultPlan } from '../../src/gpu/training/plan.ts';
import { Trainer } from '../../src/gpu/training/trainer.ts';
import { openStore } from '../../src/lab/cache/opfs.ts';
import { type LoadContext, loadCollection } from '../../src/lab/data/load.ts';
import { loadTrainingPairs } from '../../src/lab/data/loadPairs.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import { openLayerSession } from '../../src/lab/models/session.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../../src/lab/models/tokenise.ts';
import type { Services } from '../../src/lab/pipeline/services.ts';
import { Problem } from '../../src/lab/problem.ts';
import { openCheckpoint } from '../../src/lab/training/checkpointStore.ts';
import type { FolderFile } from '../../src/lab/training/modelFolder.ts';
import { versions } from './versions.ts';

export interface LabContext extends LoadContext {
  readonly adapter: () => Promise<AdapterProbe>;
  readonly version: string;
  readonly keepModel: (name: string, files: readonly FolderFile[]) => void;
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

  return {
    async openModel(kind, spec, onDownload, signal) {
      const files = await openModelFiles(spec.models[kind].source, context, signal);
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
        spec.layerwise.layers,
      );
      const tokenizer = await readTokenizer(files, signal);
      const tokenizerHash = bytesToHex(sha256(utf8ToBytes(await files.text('tokenizer.json', signal)))).slice(
        0,
        16,
      );
      const maxLength = Math.min(spec.maxLength, session.info.maxTokens);
      const { padTokenId } = session.info;
      const encoder =
        kind === 'ce'
          ? selfPairEncoder(tokenizer, spec.pooling, maxLength, padTokenId)
          : singleEncoder(tokenizer, { rule: 'sentence', cls: spec.pooling.cls }, maxLength, padTokenId);
      return { session, encoder, tokenizerHash };
    },

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

    async loadCollection(dataset, signal, onNotice) {
      const { collection, warnings } = await loadCollection(dataset, context, signal);
      for (const warning of warnings) onNotice(warning);
      return collection;
    },

    createSearcher: async (options) => createSearcher(await searchDevice(), options),

    openFiles: (source, signal) => openModelFiles(source, context, signal),

    loadTrainingPairs: (source, signal, most) => loadTrainingPairs(source, context, signal, most),

    async createTrainer(options) {
      // An adapter gives one device only.
      const probe = await probeAdapter(navigator.gpu);
      if (probe.kind === 'none') {
        throw new Problem(`Training needs WebGPU, but ${probe.description}; use a current browser.`);
      }
      const device = await requestFullDevice(probe.adapter);
      const plan = defaultPlan(probe.kind === 'software');
      rounding = `${probe.description} ${JSON.stringify(plan)}`;
      const trainer = new Trainer(device, { ...options, plan });
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
