import type { CompareServices } from '../../src/lab/pipeline/compareOptions.ts';
import type { LayerwiseServices } from '../../src/lab/pipeline/layerwise.ts';
import type { RunServices } from '../../src/lab/pipeline/run.ts';
import type { TrainingServices } from '../../src/lab/pipeline/trainOptions.ts';
import { createCpuSearcher } from '../../src/search/cpuSearcher.ts';
import { madeCollection } from './collection.ts';
import { characterEncoder, fakeSession } from './fakeModel.ts';

/** What a test may put in the place of a stage's own. */
export type FakeServices = LayerwiseServices &
  CompareServices &
  TrainingServices &
  Pick<RunServices, 'loadCollection'>;

/** A run's surroundings without a browser; what a test does not use refuses. */
export function fakeServices(change: Partial<FakeServices> = {}): RunServices {
  const given: FakeServices = {
    openModel: (_, spec) =>
      Promise.resolve({
        session: fakeSession(spec.layerwise.layers ?? [0, 1, 2]),
        encoder: characterEncoder,
        tokenizerHash: 'x',
      }),
    checkModel: () => Promise.resolve(),
    checkSystem: () => Promise.resolve(),
    systemWidth: () => Promise.resolve(4),
    checkReranker: () => Promise.resolve(),
    checkDevice: () => Promise.resolve(),
    freeStorage: () => Promise.resolve(null),
    openStore: () => Promise.resolve(null),
    loadCollection: ({ source }) => Promise.resolve(madeCollection(source.slice('folder:'.length), 20, 90)),
    createSearcher: (options) => Promise.resolve(createCpuSearcher(options)),
    openSystem: () => Promise.reject(new Error('No test here compares.')),
    openReranker: () => Promise.reject(new Error('No test here reranks.')),
    openScoreStore: () => Promise.resolve(null),
    openRunFile: () => Promise.reject(new Error('No test here reads a run file.')),
    appVersion: '0',
    openFiles: () => Promise.reject(new Error('No test here reads a model.')),
    loadTrainingPairs: () => Promise.resolve({ pairs: [], warnings: [] }),
    createTrainer: () => Promise.reject(new Error('No test here trains.')),
    openCheckpoint: () => Promise.resolve(null),
    ...change,
  };
  return {
    loadCollection: given.loadCollection,
    loadSlice: () => Promise.resolve(null),
    layerwise: given,
    comparison: given,
    training: given,
    keepModel: () => {},
    keepComparison: () => {},
    machine: () =>
      Promise.resolve({
        appVersion: '0',
        userAgent: 'a test',
        adapter: null,
        hardwareConcurrency: 1,
        crossOriginIsolated: true,
        versions: {},
      }),
  };
}
