import * as Comlink from 'comlink';
import { defaultPatience, setHubAccess } from '../../../src/lab/hub/access.ts';
import { listKept, removeKept } from '../../../src/lab/hub/keptModels.ts';
import { openHubModel } from '../../../src/lab/models/hubFiles.ts';

/** The hub's files as the lab's worker reads them: files can be written at once only in a worker. */
const worker = {
  /** @returns the file, by which commit it came, and what was said on the way */
  async read(
    hub: string,
    name: string,
    path: string,
    range?: readonly [number, number],
  ): Promise<{
    source: string;
    bytes: Uint8Array | null;
    error: string | null;
    notices: string[];
    loaded: number[];
  }> {
    const notices: string[] = [];
    const loaded: number[] = [];
    let source = '';
    setHubAccess({
      onNotice: (sentence) => notices.push(sentence),
      patience: { ...defaultPatience, tries: 3, firstWaitMs: 5, stallMs: 500 },
    });
    try {
      const files = await openHubModel(name, hub);
      source = files.source;
      const bytes = await files.bytes(path, { range, onProgress: (done) => loaded.push(done) });
      return { source, bytes, error: null, notices, loaded };
    } catch (error) {
      return { source, bytes: null, error: String(error), notices, loaded };
    }
  },

  list: listKept,

  async clear(): Promise<void> {
    for (const { repository, commit } of await listKept()) await removeKept(repository, commit);
  },

  remove: removeKept,

  /** Holds a file open, as another tab that is downloading it. @returns how to leave it */
  async hold(repository: string, commit: string, path: string): Promise<() => void> {
    const root = await navigator.storage.getDirectory();
    let folder = await root.getDirectoryHandle('layerlab-downloads', { create: true });
    for (const name of [repository, commit]) {
      folder = await folder.getDirectoryHandle(encodeURIComponent(name), { create: true });
    }
    const handle = await folder.getFileHandle(encodeURIComponent(path), { create: true });
    const access = await handle.createSyncAccessHandle();
    return Comlink.proxy(() => access.close());
  },
};

export type HubWorker = typeof worker;
Comlink.expose(worker);
