import { errorName, folderIn, readJson, remove, topFolder, writeJson } from './folder.ts';
import { closeFile, makeMark, openFile, writeAt } from './writes.ts';

/** A file that is being written, piece by piece. */
export interface Part {
  readonly size: number;
  /** @throws QuotaExceededError when storage is full; what was there before stays */
  append(bytes: Uint8Array<ArrayBuffer>): void;
  /** Bytes [from, to). */
  read(from: number, to: number): Uint8Array<ArrayBuffer>;
  /** Begins anew. */
  clear(): void;
  /** Forgets all behind the first `size` bytes. */
  cut(size: number): void;
  /** @throws QuotaExceededError when storage turns out to be full; it is closed all the same */
  close(): void;
}

/** Closes a part that something went wrong with, which is what is told. */
export function closeQuietly(part: Part): void {
  try {
    part.close();
  } catch {
    // It is closed all the same.
  }
}

/** A part that lives as long as its owner. */
export class MemoryPart implements Part {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  size = 0;

  /** @param most bytes that will be written */
  constructor(most: number) {
    this.#bytes = new Uint8Array(most);
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes.set(bytes, this.size);
    this.size += bytes.length;
  }

  read(from: number, to: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, to);
  }

  clear(): void {
    this.cut(0);
  }

  cut(size: number): void {
    this.size = size;
  }

  close(): void {}
}

class OpfsPart implements Part {
  readonly #handle: FileSystemSyncAccessHandle;
  size: number;

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
    this.size = handle.getSize();
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    writeAt(this.#handle, bytes, this.size);
    this.size += bytes.length;
  }

  read(from: number, to: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(to - from);
    for (let at = from; at < to; at += readAtOnce) {
      this.#handle.read(bytes.subarray(at - from, at - from + readAtOnce), { at });
    }
    return bytes;
  }

  clear(): void {
    this.cut(0);
  }

  cut(size: number): void {
    this.#handle.truncate(size);
    this.size = size;
  }

  close(): void {
    closeFile(this.#handle);
  }
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** False while it is being written, or where that was broken off. */
  readonly whole: boolean;
}

/** Stands in no file's name, since names are encoded as in URLs. */
const noteMark = '@';
const wholeMark = `${noteMark}whole`;

/** Some browsers give no more than 2 GB at once. */
const readAtOnce = 2 ** 28;

/**
 * Files in a folder of the browser's own file system, each whole or in part; in a dedicated worker only. A file
 * counts as whole when a mark stands beside it, which is written last.
 */
export class FileStore {
  readonly #folder: FileSystemDirectoryHandle;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** @returns null where files cannot be stored, or, without `create`, there is no such folder */
  static async open(top: string, names: readonly string[], create: boolean): Promise<FileStore | null> {
    let folder = await topFolder(top, create);
    for (const name of names) folder &&= await folderIn(folder, encodeURIComponent(name), create);
    return folder && new FileStore(folder);
  }

  /** The file if all of it is here. */
  async whole(path: string): Promise<File | null> {
    const name = encodeURIComponent(path);
    try {
      await this.#folder.getFileHandle(name + wholeMark);
      return await (await this.#folder.getFileHandle(name)).getFile();
    } catch {
      return null;
    }
  }

  /** @returns null while another tab, or another download, writes it */
  async part(path: string): Promise<Part | null> {
    try {
      return new OpfsPart(await openFile(this.#folder, encodeURIComponent(path)));
    } catch (error) {
      if (errorName(error) === 'NoModificationAllowedError') return null;
      throw error;
    }
  }

  /** Marks a file as whole. @throws QuotaExceededError when storage is full */
  async finish(path: string): Promise<void> {
    await makeMark(this.#folder, encodeURIComponent(path) + wholeMark);
  }

  async remove(path: string): Promise<void> {
    const name = encodeURIComponent(path);
    await remove(this.#folder, name + wholeMark);
    await remove(this.#folder, name);
  }

  async list(): Promise<StoredFile[]> {
    const names = new Set<string>();
    const sizes = new Map<string, number>();
    for await (const [name, handle] of this.#folder.entries()) {
      names.add(name);
      if (handle.kind !== 'file' || name.includes(noteMark)) continue;
      sizes.set(name, (await handle.getFile()).size);
    }
    return [...sizes]
      .map(([name, bytes]) => ({
        path: decodeURIComponent(name),
        bytes,
        whole: names.has(name + wholeMark),
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** What was noted beside the files. @returns unknown content, or null */
  async readNote(name: string): Promise<unknown> {
    return await readJson<unknown>(this.#folder, noteMark + name);
  }

  /** Best effort: what cannot be noted is found out again the next time. */
  async writeNote(name: string, value: unknown): Promise<void> {
    await writeJson(this.#folder, noteMark + name, value).catch(() => undefined);
  }
}

/** Sub-folders of a folder, by their names. */
export async function storedFolders(top: string, names: readonly string[] = []): Promise<string[]> {
  let folder = await topFolder(top, false);
  for (const name of names) folder &&= await folderIn(folder, encodeURIComponent(name), false);
  const found: string[] = [];
  if (!folder) return found;
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === 'directory') found.push(decodeURIComponent(name));
  }
  return found.sort();
}

/** Deletes a folder and all in it. @throws when a file of it is just being written */
export async function removeFolder(top: string, names: readonly [...string[], string]): Promise<void> {
  let folder = await topFolder(top, false);
  for (const name of names.slice(0, -1)) folder &&= await folderIn(folder, encodeURIComponent(name), false);
  if (folder) await remove(folder, encodeURIComponent(names.at(-1) ?? ''), true);
}
