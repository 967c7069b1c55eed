import { createCpuSearcher } from './cpuSearcher.ts';
import type { Searcher, SearchOptions } from './searcher.ts';

/** @param device null searches in plain TypeScript */
export function createSearcher(device: GPUDevice | null, options: SearchOptions): Searcher {
  void device;
  return createCpuSearcher(options);
}
