import { createCpuSearcher } from '../../search/cpuSearcher.ts';
import { finiteSearcher } from '../../search/finiteSearcher.ts';
import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import { createGpuSearcher } from './gpuSearcher.ts';

/** @param device null searches in plain TypeScript, which is faster than a software adapter */
export function createSearcher(device: GPUDevice | null, options: SearchOptions): Searcher {
  return device
    ? finiteSearcher(options, (finite) => createGpuSearcher(device, finite))
    : createCpuSearcher(options);
}
