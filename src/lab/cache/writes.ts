import { set, type UseStore } from 'idb-keyval';

/**
 * All that the lab writes into the browser's storage (its own file system, caches, databases, settings) is written
 * here, so that full storage is one error wherever it is met, and who computed something goes on without keeping it.
 * test/unit/cache/writePaths.test.ts holds the sources to it.
 */

/** What browsers throw when the page may store no more; the last two are Firefox's. */
const fullNames = ['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED', 'NS_ERROR_FILE_NO_DEVICE_SPACE'];

/** Whether a write failed since storage is full. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && fullNames.includes(error.name);
}

/** One sentence, for where it is shown as it is. */
function storageFull(): DOMException {
  return new DOMException(
    'The storage that the browser allows is full; remove stored embeddings or downloads on the page Layers, or free space on the disk.',
    'QuotaExceededError',
  );
}

function alike(error: unknown): unknown {
  return isFull(error) ? storageFull() : error;
}

async function written<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw alike(error);
  }
}

/** @throws QuotaExceededError when storage is full */
export async function makeFolder(
  parent: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle> {
  return await written(() => parent.getDirectoryHandle(name, { create: true }));
}

/**
 * Opens a file for writing, made if it is not there; in a dedicated worker only.
 * @throws NoModificationAllowedError while it is open elsewhere, QuotaExceededError when storage is full
 */
export async function openFile(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemSyncAccessHandle> {
  return await written(async () =>
    (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle(),
  );
}

/** An empty file, which says something by being there. @throws QuotaExceededError when storage is full */
export async function makeMark(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await written(() => folder.getFileHandle(name, { create: true }));
}

/**
 * Writes all of it. A private window of Chromium 156 says that it has written what did not fit, so the file's size is
 * asked too.
 * @throws QuotaExceededError when storage is full; the file then ends where this began
 */
export function writeAt(file: FileSystemSyncAccessHandle, bytes: ArrayBufferView, at: number): void {
  try {
    const written = file.write(bytes as AllowSharedBufferSource, { at });
    if (written < bytes.byteLength || file.getSize() < at + bytes.byteLength) throw storageFull();
  } catch (error) {
    file.truncate(at);
    throw alike(error);
  }
}

/** Some browsers tell only now that there is no room. @throws QuotaExceededError; the file is closed all the same */
export function closeFile(file: FileSystemSyncAccessHandle): void {
  try {
    file.flush();
  } catch (error) {
    throw alike(error);
  } finally {
    file.close();
  }
}

/** @throws QuotaExceededError when storage is full */
export async function putInCache(cache: string, address: string, response: Response): Promise<void> {
  await written(async () => (await caches.open(cache)).put(address, response));
}

/** @throws QuotaExceededError when storage is full */
export async function putRecord(store: UseStore, key: IDBValidKey, value: unknown): Promise<void> {
  await written(() => set(key, value, store));
}

/**
 * @param area `localStorage` or `sessionStorage`, which cannot even be named where they are switched off
 * @returns whether it was kept
 */
export function putSetting(
  area: () => { setItem(key: string, value: string): void },
  key: string,
  value: string,
): boolean {
  try {
    area().setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
