import type { MatrixProducts } from '../../base/matrixProducts.ts';
import { createCpuSearcher } from '../../search/cpuSearcher.ts';
import { finiteSearcher } from '../../search/finiteSearcher.ts';
import type { Searcher, SearchOptions } from '../../search/searcher.ts';
import type { DeviceSession } from '../deviceSession.ts';
import { createGpuSearcher } from './gpuSearcher.ts';

/**
 * @param session null searches in plain TypeScript, which is faster than a software adapter
 * @param products what multiplies matrices on the processor, where something does
 */
export function createSearcher(
  session: DeviceSession | null,
  options: SearchOptions,
  products?: MatrixProducts,
): Searcher {
  return session
    ? finiteSearcher(options, (finite) => createGpuSearcher(session, finite))
    : createCpuSearcher(options, products);
}
