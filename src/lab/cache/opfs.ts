import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sentenceOf, UserError } from '../../base/userError.ts';
import type { OpenedStore } from './embeddingStore.ts';
import { errorName, remove, topFolder, write } from './folder.ts';
import { heldLocks, type Release, takeLock } from './takeLock.ts';
import { closeFile, isFull, openFile, writeAt } from './writes.ts';

/** What a store's vectors are of; equal descriptions share a store. */
export interface StoreDescription {
  readonly source: string;
  /** SHA-256 of the weights file. */
  readonly model: string;
  readonly tokenizer: string;
  readonly layers: readonly number[];
  readonly hiddenSize: number;
  /** Framing, pooling and length, as an encoder's `key`. */
  readonly rows: string;
}

export interface StoreSummary {
  readonly id: string;
  readonly description: string;
  readonly bytes: number;
  readonly texts: number;
  /** When a run last opened it, in milliseconds since 1970. */
  readonly usedAt: number;
}

const keyBytes = 16;
const folderName = 'layerlab-embeddings';
const storeLock = 'layerlab store ';

async function storesFolder(create: boolean): Promise<FileSystemDirectoryHandle | null> {
  return await topFolder(folderName, create);
}

/** The first 128 bits of a text's SHA-256: no two texts of a store will ever meet. */
function keyOf(text: string): Uint8Array {
  return sha256(utf8ToBytes(text)).subarray(0, keyBytes);
}

/**
 * Opens the store of a description in the browser's own file system; in a dedicated worker only.
 * A store is three files: what it is (.json), 16-byte keys (.keys) and vectors in the same order
 * (.vectors). Vectors are written before their keys, and of the keys of a batch the first one last, so
 * a crash leaves all of a batch or nothing.
 * @returns null, with a notice, where embeddings cannot be stored; the run goes on without
 */
export async function openStore(
  description: StoreDescription,
  onNotice: (sentence: string) => void,
): Promise<OpenedStore | null> {
  const id = bytesToHex(sha256(utf8ToBytes(JSON.stringify({ ...description, source: '' })))).slice(0, 32);
  const open: FileSystemSyncAccessHandle[] = [];
  let release: Release | null = null;
  try {
    release = await takeLock(storeLock + id);
    if (!release) throw new DOMException('held', 'NoModificationAllowedError');
    const folder = await storesFolder(true);
    if (!folder) throw new Error('no folder');
    for (const part of ['keys', 'vectors']) open.push(await openFile(folder, `${id}.${part}`));
    await describeStore(folder, id, description);
  } catch (error) {
    for (const file of open) file.close();
    await release?.();
    onNotice(whyUnopened(error));
    return null;
  }
  const [keys, vectors] = open as [FileSystemSyncAccessHandle, FileSystemSyncAccessHandle];
  const width = description.layers.length * description.hiddenSize;
  return new OpfsStore({ keys, vectors, width, onNotice, release });
}

interface StoreParts {
  readonly keys: FileSystemSyncAccessHandle;
  readonly vectors: FileSystemSyncAccessHandle;
  /** Floats of a vector. */
  readonly width: number;
  readonly onNotice: (sentence: string) => void;
  readonly release: Release;
}

/** Written at each opening, so that its date is that of the last use. */
async function describeStore(
  folder: FileSystemDirectoryHandle,
  id: string,
  description: StoreDescription,
): Promise<void> {
  try {
    await write(folder, `${id}.json`, utf8ToBytes(JSON.stringify(description)) as Uint8Array<ArrayBuffer>);
  } catch (error) {
    // What is stored can be read all the same.
    if (!isFull(error)) throw error;
  }
}

function whyUnopened(error: unknown): string {
  if (errorName(error) === 'NoModificationAllowedError') {
    return 'Another tab or run is using the stored embeddings; this run neither reads nor stores any.';
  }
  return isFull(error)
    ? storesNoMore
    : 'This browser does not let the page store files; embeddings are not kept for the next run.';
}

/** The same words for every store of a run, as they are told once. */
const storesNoMore =
  'The storage that the browser allows is full; the run goes on, but stores no more embeddings.';

class OpfsStore implements OpenedStore {
  readonly #keys: FileSystemSyncAccessHandle;
  readonly #vectors: FileSystemSyncAccessHandle;
  readonly #width: number;
  readonly #onNotice: (sentence: string) => void;
  readonly #release: Release;
  readonly #places = new Map<string, number>();
  #writable = true;

  constructor({ keys, vectors, width, onNotice, release }: StoreParts) {
    this.#keys = keys;
    this.#vectors = vectors;
    this.#width = width;
    this.#onNotice = onNotice;
    this.#release = release;
    const there = Math.min(
      Math.floor(keys.getSize() / keyBytes),
      Math.floor(vectors.getSize() / (width * 4)),
    );
    const read = new Uint8Array(there * keyBytes);
    keys.read(read, { at: 0 });
    const whole = firstBlank(read) ?? there;
    keys.truncate(whole * keyBytes);
    vectors.truncate(whole * width * 4);
    for (let i = 0; i < whole; i++) {
      this.#places.set(bytesToHex(read.subarray(i * keyBytes, (i + 1) * keyBytes)), i);
    }
  }

  read(texts: readonly string[]): Promise<readonly (Float32Array | undefined)[]> {
    return Promise.resolve(
      texts.map((text) => {
        const place = this.#places.get(bytesToHex(keyOf(text)));
        if (place === undefined) return undefined;
        const vector = new Float32Array(this.#width);
        const got = this.#vectors.read(vector, { at: place * this.#width * 4 });
        return got === vector.byteLength ? vector : undefined;
      }),
    );
  }

  write(texts: readonly string[], vectors: readonly Float32Array[]): Promise<void> {
    if (!this.#writable) return Promise.resolve();
    const keys = new Uint8Array(texts.length * keyBytes);
    const data = new Float32Array(texts.length * this.#width);
    for (const [i, text] of texts.entries()) {
      keys.set(keyOf(text), i * keyBytes);
      data.set(vectors[i]!, i * this.#width);
    }
    const start = this.#places.size;
    try {
      writeAt(this.#vectors, data, start * this.#width * 4);
      this.#writeKeys(keys, start);
    } catch (error) {
      this.#storeNoMore(error);
      return Promise.resolve();
    }
    for (let i = 0; i < texts.length; i++) {
      this.#places.set(bytesToHex(keys.subarray(i * keyBytes, (i + 1) * keyBytes)), start + i);
    }
    return Promise.resolve();
  }

  /** The first one last: what lies before it is blank until then, and is forgotten where that is never written. */
  #writeKeys(keys: Uint8Array, start: number): void {
    if (keys.length > keyBytes) writeAt(this.#keys, keys.subarray(keyBytes), (start + 1) * keyBytes);
    writeAt(this.#keys, keys.subarray(0, keyBytes), start * keyBytes);
  }

  /** A run has computed what it could not store: it goes on without the store, whatever is wrong with that. */
  #storeNoMore(error: unknown): void {
    if (!this.#writable) return;
    this.#writable = false;
    this.#onNotice(
      isFull(error)
        ? storesNoMore
        : `Embeddings cannot be stored any more (${sentenceOf(error)}); the run goes on without.`,
    );
  }

  async close(): Promise<void> {
    for (const file of [this.#vectors, this.#keys]) {
      try {
        closeFile(file);
      } catch (error) {
        this.#storeNoMore(error);
      }
    }
    await this.#release();
  }
}

/** The first key of zeros alone, which a batch has that was not written whole; null where there is none. */
function firstBlank(keys: Uint8Array): number | null {
  for (let at = 0; at < keys.length; at += keyBytes) {
    if (keys.subarray(at, at + keyBytes).every((byte) => byte === 0)) return at / keyBytes;
  }
  return null;
}

/** What is stored, a line a store. */
export async function listStores(): Promise<StoreSummary[]> {
  const folder = await storesFolder(false);
  if (!folder) return [];
  const stores: StoreSummary[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (!name.endsWith('.json') || handle.kind !== 'file') continue;
    const id = name.slice(0, -'.json'.length);
    const sizeOf = async (file: string): Promise<number> =>
      (await (await folder.getFileHandle(file)).getFile()).size;
    try {
      const file = await handle.getFile();
      const about = JSON.parse(await file.text()) as StoreDescription;
      const keys = await sizeOf(`${id}.keys`);
      stores.push({
        id,
        description: `${about.source}, layers ${about.layers.join(' ')}, ${about.rows}`,
        bytes: keys + (await sizeOf(`${id}.vectors`)),
        texts: keys / keyBytes,
        usedAt: file.lastModified,
      });
    } catch {
      // A store that is just being made, or was left half-made, is cleared with the rest.
    }
  }
  return stores.sort((a, b) => a.description.localeCompare(b.description));
}

/** Deletes one store. @throws UserError when a run is using it, in any tab */
export async function clearStore(id: string): Promise<void> {
  if ((await heldLocks(storeLock)).has(id)) throw inUse();
  const folder = await storesFolder(false);
  if (!folder) return;
  // What it is goes last: as long as that is there it is listed, and can be cleared.
  for (const part of ['keys', 'vectors', 'json']) await remove(folder, `${id}.${part}`);
}

function inUse(): UserError {
  return new UserError(
    'Another tab is using the stored embeddings; wait for its run to end, or cancel it there.',
  );
}

/** Deletes all stored embeddings. @throws UserError when a run is using them, in any tab */
export async function clearStores(): Promise<void> {
  if ((await heldLocks(storeLock)).size > 0) throw inUse();
  if (!(await storesFolder(false))) return;
  await (await navigator.storage.getDirectory()).removeEntry(folderName, { recursive: true });
}
