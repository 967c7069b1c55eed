import { createCpuSearcher } from '../../search/cpuSearcher.ts';
import { finiteSearcher } from '../../search/finiteSearcher.ts';
import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { DeviceSession } from '../deviceSession.ts';
import { createGpuSearcher } from './gpuSearcher.ts';

/** @param session null searches in plain TypeScript, which is faster than a software adapter */
export function createSearcher(session: DeviceSession | null, options: SearchOptions): Searcher {
  return session
    ? finiteSearcher(options, (finite) => createGpuSearcher(session, finite))
    : createCpuSearcher(options);
}
