import { createCpuSearcher } from './cpuSearcher.ts';
import { createGpuSearcher } from './gpuSearcher.ts';
import type { Searcher, SearchOptions } from './searcher.ts';

/** @param device null searches in plain TypeScript, which is faster than a software adapter */
export function createSearcher(device: GPUDevice | null, options: SearchOptions): Searcher {
  return device ? createGpuSearcher(device, options) : createCpuSearcher(options);
}
