import * as Comlink from 'comlink';
import { sentenceOf } from '../../src/base/userError.ts';
import {
  clearStore,
  clearStores,
  listStores,
  openStore,
  type StoreDescription,
} from '../../src/lab/cache/opfs.ts';

/** Files can be written at once only in a worker, so the store's test lives in two places. */
const opfs = {
  async write(description: StoreDescription, texts: string[], vectors: Float32Array[]): Promise<void> {
    const store = await openStore(description, () => {});
    await store?.write(texts, vectors);
    await store?.close();
  },

  async read(description: StoreDescription, texts: string[]): Promise<(Float32Array | undefined)[]> {
    const store = await openStore(description, () => {});
    const found = (await store?.read(texts)) ?? [];
    await store?.close();
    return [...found];
  },

  async openTwice(description: StoreDescription): Promise<{ second: boolean; notices: string[] }> {
    const notices: string[] = [];
    const first = await openStore(description, () => {});
    const second = await openStore(description, (sentence) => notices.push(sentence));
    await first?.close();
    return { second: second !== null, notices };
  },

  /** Writes vectors one by one where files may grow by so many bytes in all. @returns what was said */
  async fill(
    description: StoreDescription,
    texts: string[],
    vectors: Float32Array[],
    most: number,
  ): Promise<string[]> {
    const notices: string[] = [];
    const { write } = FileSystemSyncAccessHandle.prototype;
    let left = most;
    FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
      left -= bytes.byteLength;
      if (left < 0) throw new DOMException('No space available for this operation', 'QuotaExceededError');
      return write.call(this, bytes, options);
    };
    const store = await openStore(description, (sentence) => notices.push(sentence));
    for (const [row, text] of texts.entries()) await store?.write([text], [vectors[row]!]);
    await store?.close();
    FileSystemSyncAccessHandle.prototype.write = write;
    return notices;
  },

  /** Cuts the last vector short, as a crash would. */
  async damage(): Promise<void> {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('layerlab-embeddings');
    for await (const [name, handle] of folder.entries()) {
      if (!name.endsWith('.vectors') || handle.kind !== 'file') continue;
      const access = await handle.createSyncAccessHandle();
      access.truncate(access.getSize() - 3);
      access.close();
    }
  },

  /** Takes the mark away that a batch was written whole: its first key, which is written last. */
  async blankKey(at: number): Promise<void> {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('layerlab-embeddings');
    for await (const [name, handle] of folder.entries()) {
      if (!name.endsWith('.keys') || handle.kind !== 'file') continue;
      const access = await handle.createSyncAccessHandle();
      access.write(new Uint8Array(16), { at: 16 * at });
      access.close();
    }
  },

  /** Clears while a store is open. */
  async clearInUse(description: StoreDescription): Promise<string> {
    const store = await openStore(description, () => {});
    const said = await clearStores().then(() => '', sentenceOf);
    await store?.close();
    return said;
  },

  list: listStores,
  clear: clearStores,
  clearOne: clearStore,
};

export type OpfsWorker = typeof opfs;
Comlink.expose(opfs);
