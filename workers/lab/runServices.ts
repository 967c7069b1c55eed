import { dependencies, version } from '../../package.json';
import { UserError } from '../../src/base/userError.ts';
import { DeviceOwner } from '../../src/gpu/deviceSession.ts';
import { createLastingSearcher } from '../../src/gpu/search/lastingSearcher.ts';
import { roomLeft } from '../../src/lab/cache/room.ts';
import {
  checkReranker,
  checkSystem,
  openScoreStore,
  openSpecReranker,
  openSystem,
  systemWidth,
} from '../../src/lab/compare/openSystem.ts';
import { loadCollection, served } from '../../src/lab/data/load.ts';
import { loadTrainingPairs } from '../../src/lab/data/loadPairs.ts';
import { loadSlice } from '../../src/lab/data/loadSlice.ts';
import { checkLayers } from '../../src/lab/embed/checkModel.ts';
import { openModel, openVectorStore, sessionOptions } from '../../src/lab/embed/openModel.ts';
import { encodePath } from '../../src/lab/hub/encodePath.ts';
import { runtimeHost } from '../../src/lab/models/runtime.ts';
import type { CompareServices } from '../../src/lab/pipeline/compareOptions.ts';
import type { LayerwiseServices } from '../../src/lab/pipeline/layerwise.ts';
import type { RunServices } from '../../src/lab/pipeline/run.ts';
import type { TrainingServices } from '../../src/lab/pipeline/trainOptions.ts';
import { openCheckpoint } from '../../src/lab/training/checkpointStore.ts';
import { openTrainer } from '../../src/lab/training/openTrainer.ts';
import { createCpuSearcher } from '../../src/search/cpuSearcher.ts';
import type { LabState } from './labState.ts';

type CreateSearcher = LayerwiseServices['createSearcher'];

/** A run's surroundings in a browser's worker; to be disposed when the run has ended, however it did. */
export function runServices(state: LabState): RunServices & { dispose(): Promise<void> } {
  const devices = new DeviceOwner(navigator.gpu);
  const searcher: CreateSearcher = async (options) => {
    // A software adapter is right but slower than plain TypeScript.
    const isReal = (await state.adapter()).kind === 'real';
    return isReal
      ? await createLastingSearcher(options, devices)
      : createCpuSearcher(options, runtimeHost()?.products);
  };
  return {
    dispose: () => devices.dispose(),
    async machine() {
      const probe = await state.adapter();
      const host = runtimeHost();
      return {
        appVersion: version,
        runtime: host?.name ?? 'browser',
        userAgent: navigator.userAgent,
        adapter: probe.kind === 'none' ? null : probe.description,
        hardwareConcurrency: navigator.hardwareConcurrency,
        crossOriginIsolated,
        // package.json pins them exactly.
        versions: {
          ...(host?.versions ?? { 'onnxruntime-web': dependencies['onnxruntime-web'] }),
          '@huggingface/tokenizers': dependencies['@huggingface/tokenizers'],
        },
      };
    },
    async loadCollection(dataset, options, onNotice) {
      // A server has more memory than a tab.
      const most = runtimeHost() ? Number.POSITIVE_INFINITY : undefined;
      const { collection, warnings } = await loadCollection(dataset, state, { ...options, most });
      for (const warning of warnings) onNotice(warning);
      return collection;
    },
    async loadSlice(dataset, shard, options, onNotice) {
      const read = await loadSlice(dataset, shard, state, options);
      for (const warning of read?.warnings ?? []) onNotice(warning);
      return read?.collection ?? null;
    },
    layerwise: layerwiseServices(state, searcher),
    comparison: compareServices(state, searcher),
    training: trainingServices(state, devices, searcher),
    keepModel: (name, files) => state.keepModel(name, files),
    keepComparison(details) {
      state.comparison = details;
    },
  };
}

function layerwiseServices(state: LabState, searcher: CreateSearcher): LayerwiseServices {
  return {
    openModel: (kind, spec, onDownload, signal) =>
      openModel(kind, spec, state, { layers: spec.layerwise.layers, onDownload, signal }),
    async checkModel(kind, spec, signal) {
      const { enabled, layers } = spec.layerwise;
      await checkLayers(await sessionOptions(kind, spec, state, { signal }), enabled ? layers : []);
    },
    freeStorage: roomLeft,
    openStore: openVectorStore,
    createSearcher: searcher,
  };
}

function compareServices(state: LabState, searcher: CreateSearcher): CompareServices {
  return {
    openSystem: (system, spec, signal) => openSystem(system, spec, state, signal),
    openStore: openVectorStore,
    openReranker: (spec, signal) => openSpecReranker(spec, state, signal),
    checkSystem: (system, spec, signal) => checkSystem(system, spec, state, signal),
    systemWidth: (system, spec, signal) => systemWidth(system, spec, state, signal),
    checkReranker: (spec, signal) => checkReranker(spec, state, signal),
    openScoreStore,
    openRunFile(name, signal) {
      const file = state.runFiles.get(name);
      if (file) return Promise.resolve({ name, stream: () => Promise.resolve(file.stream()) });
      return Promise.resolve(
        served(new URL(`__local/data/${encodePath(name)}`, state.base).href, name, signal),
      );
    },
    createSearcher: searcher,
  };
}

function trainingServices(state: LabState, devices: DeviceOwner, searcher: CreateSearcher): TrainingServices {
  return {
    appVersion: version,
    openFiles: state.openFiles,
    loadTrainingPairs: (source, signal, most, columns) =>
      loadTrainingPairs(source, state, signal, most, columns),
    async checkDevice() {
      const { kind, description } = await state.adapter();
      if (kind !== 'none') return;
      throw new UserError(`Training needs WebGPU, but ${description}; use a current browser.`);
    },
    createTrainer: async (options, say, signal) =>
      await openTrainer(
        await devices.session(),
        { userAgent: navigator.userAgent, appVersion: version },
        options,
        say,
        signal,
      ),
    openCheckpoint,
    createSearcher: searcher,
  };
}
