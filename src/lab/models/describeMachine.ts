import type { AdapterProbe } from '../../gpu/adapter.ts';
import { chooseBackend } from './backend.ts';
import { threadCount } from './runtime.ts';
import type { Backend } from './types.ts';

/** What this browser runs models on. */
export interface Machine {
  readonly adapter: string;
  readonly adapterKind: AdapterProbe['kind'];
  /** What `auto` runs a model on, and why. */
  readonly backend: Backend;
  readonly why: string;
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
}

export function describeMachine(adapter: AdapterProbe, crossOriginIsolated: boolean): Machine {
  return {
    adapter: adapter.description,
    adapterKind: adapter.kind,
    ...chooseBackend('auto', adapter),
    threads: threadCount(),
    crossOriginIsolated,
  };
}
