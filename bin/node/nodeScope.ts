import { statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { DiskFolder } from './diskFolder.ts';
import { type FileFolders, fetchFile, filesBase } from './fetchFiles.ts';

export interface ScopeOptions extends FileFolders {
  /** Folder of what is kept between runs. */
  readonly cache: string;
  readonly gpu: GPU;
}

type Locked<T> = (lock: { readonly name: string } | null) => Promise<T> | T;

/** Of two that ask for one name in this process, the second waits, or is told at once that it is taken. */
class Locks {
  readonly #last = new Map<string, Promise<unknown>>();

  async request<T>(name: string, ...given: [Locked<T>] | [{ ifAvailable?: boolean }, Locked<T>]): Promise<T> {
    const [work, { ifAvailable = false }] = given.length === 1 ? [given[0], {}] : [given[1], given[0]];
    const before = this.#last.get(name);
    if (before && ifAvailable) return await work(null);
    const mine = (before ?? Promise.resolve()).catch(() => undefined).then(() => work({ name }));
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }

  async query(): Promise<{ held: { name: string }[] }> {
    return { held: [...this.#last.keys()].map((name) => ({ name })) };
  }
}

/**
 * Gives this process what the lab's code finds around it in a browser's worker: `navigator` with WebGPU and a file
 * system, and `fetch` that knows the page's files.
 */
export function installNodeScope({ cache, gpu, ...folders }: ScopeOptions): void {
  const root = new DiskFolder(cache);
  const estimate = async (): Promise<StorageEstimate> => {
    const { bavail, bsize } = statfsSync(cache);
    return { quota: bavail * bsize, usage: 0 };
  };
  const scope = {
    navigator: {
      userAgent: `Node.js/${process.versions.node} (${process.platform} ${process.arch})`,
      hardwareConcurrency: availableParallelism(),
      deviceMemory: totalmem() / 2 ** 30,
      onLine: true,
      gpu,
      storage: { getDirectory: async () => root, estimate },
      locks: new Locks(),
    },
    crossOriginIsolated: true,
  };
  for (const [name, value] of Object.entries(scope)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const fetchElsewhere = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    init?.signal?.throwIfAborted();
    return url.startsWith(filesBase) ? fetchFile(url, init, folders) : await fetchElsewhere(input, init);
  };
}
