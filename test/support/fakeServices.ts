import type { Services } from '../../src/lab/pipeline/services.ts';
import { createCpuSearcher } from '../../src/search/cpuSearcher.ts';
import { madeCollection } from './collection.ts';
import { characterEncoder, fakeSession } from './fakeModel.ts';

/** A run's surroundings without a browser; what a test does not use refuses. */
export function fakeServices(change: Partial<Services> = {}): Services {
  return {
    openModel: (_, spec) =>
      Promise.resolve({
        session: fakeSession(spec.layerwise.layers ?? [0, 1, 2]),
        encoder: characterEncoder,
        tokenizerHash: 'x',
      }),
    check: () => Promise.resolve(),
    freeStorage: () => Promise.resolve(null),
    openStore: () => Promise.resolve(null),
    loadCollection: ({ source }) => Promise.resolve(madeCollection(source.slice('folder:'.length), 20, 90)),
    createSearcher: (options) => Promise.resolve(createCpuSearcher(options)),
    openSystem: () => Promise.reject(new Error('No test here compares.')),
    openReranker: () => Promise.reject(new Error('No test here reranks.')),
    openScoreStore: () => Promise.resolve(null),
    openRunFile: () => Promise.reject(new Error('No test here reads a run file.')),
    keepComparison: () => {},
    openFiles: () => Promise.reject(new Error('No test here reads a model.')),
    loadTrainingPairs: () => Promise.resolve({ pairs: [], warnings: [] }),
    createTrainer: () => Promise.reject(new Error('No test here trains.')),
    keepModel: () => Promise.resolve(),
    openCheckpoint: () => Promise.resolve(null),
    machine: () =>
      Promise.resolve({
        appVersion: '0',
        userAgent: 'a test',
        adapter: null,
        hardwareConcurrency: 1,
        crossOriginIsolated: true,
        versions: {},
      }),
    ...change,
  };
}
