import { closeFile, makeFolder, openFile, writeAt } from './writes.ts';

export const errorName = (error: unknown): string => (error instanceof Error ? error.name : '');

/** @returns null where it is not there, or cannot be made */
export async function folderIn(
  parent: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
): Promise<FileSystemDirectoryHandle | null> {
  try {
    return create ? await makeFolder(parent, name) : await parent.getDirectoryHandle(name);
  } catch {
    return null;
  }
}

/** A folder of the page's own. @returns null where files cannot be stored, or it is not there */
export async function topFolder(name: string, create: boolean): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await folderIn(await navigator.storage.getDirectory(), name, create);
  } catch {
    return null;
  }
}

/** Writes a whole file; in a dedicated worker only. @throws QuotaExceededError when storage is full */
export async function write(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const file = await openFile(folder, name);
  try {
    file.truncate(0);
    writeAt(file, bytes, 0);
  } catch (error) {
    file.close();
    throw error;
  }
  closeFile(file);
}

export async function writeJson(
  folder: FileSystemDirectoryHandle,
  name: string,
  value: unknown,
): Promise<void> {
  await write(folder, name, new TextEncoder().encode(JSON.stringify(value)));
}

/** @returns null where there is none */
export async function read(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await (await (await folder.getFileHandle(name)).getFile()).arrayBuffer());
  } catch {
    return null;
  }
}

/** @returns null where there is none, or it was cut off */
export async function readJson<T>(folder: FileSystemDirectoryHandle, name: string): Promise<T | null> {
  const bytes = await read(folder, name);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return null;
  }
}

/** Removes a file or folder; it is no fault when there is none. */
export async function remove(
  folder: FileSystemDirectoryHandle,
  name: string,
  recursive = false,
): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive });
  } catch (error) {
    if (errorName(error) !== 'NotFoundError') throw error;
  }
}
