import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskFolder } from '../../bin/node/diskFolder.ts';

/**
 * How storage says that it is full: by an error, by taking only a part of what it was given, by both, or not at all:
 * it takes a part and says that it took all. Browsers do any of them.
 */
export const manners = ['error', 'short', 'torn', 'silent'] as const;
type Manner = (typeof manners)[number];

type DiskAccess = Awaited<
  ReturnType<Awaited<ReturnType<DiskFolder['getFileHandle']>>['createSyncAccessHandle']>
>;

/** The browser's own file system, on the disk, which is full from a write on. */
export class FaultyStorage {
  readonly #path = mkdtempSync(join(tmpdir(), 'layerlab-full-'));
  #left = Number.POSITIVE_INFINITY;
  #manner: Manner = 'error';
  /** Whether anything was refused. */
  failed = false;

  /** Nothing is there any more, and the first `writes` writes will be taken. */
  begin(writes: number, manner: Manner): void {
    rmSync(this.#path, { recursive: true, force: true });
    this.failed = false;
    this.#left = writes;
    this.#manner = manner;
  }

  /** There is room again. */
  mend(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  /** What the lab's stores find as `navigator`. */
  readonly navigator = {
    userAgent: 'test',
    onLine: true,
    storage: {
      getDirectory: async () => this.#folder(new DiskFolder(this.#path)),
      estimate: async (): Promise<StorageEstimate> => ({ quota: 2 ** 40, usage: 0 }),
    },
    locks: {
      request: async (name: string, ...given: unknown[]) =>
        await (given.at(-1) as (lock: { name: string }) => unknown)({ name }),
      query: async () => ({ held: [] }),
    },
  };

  /** @returns whether a write is taken */
  #takes(): boolean {
    this.#left--;
    if (this.#left >= 0) return true;
    this.failed = true;
    return false;
  }

  #require(): void {
    if (!this.#takes()) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  }

  #folder(folder: DiskFolder): object {
    return {
      kind: folder.kind,
      name: folder.name,
      getDirectoryHandle: async (name: string, options: { create?: boolean } = {}) => {
        if (options.create) this.#require();
        return this.#folder(await folder.getDirectoryHandle(name, options));
      },
      getFileHandle: async (name: string, options: { create?: boolean } = {}) => {
        if (options.create) this.#require();
        return this.#file(await folder.getFileHandle(name, options));
      },
      removeEntry: (name: string, options?: { recursive?: boolean }) => folder.removeEntry(name, options),
      keys: () => folder.keys(),
      entries: () => this.#entries(folder),
    };
  }

  async *#entries(folder: DiskFolder): AsyncGenerator<[string, object]> {
    for await (const [name, one] of folder.entries()) {
      yield [name, one instanceof DiskFolder ? this.#folder(one) : this.#file(one)];
    }
  }

  #file(file: Awaited<ReturnType<DiskFolder['getFileHandle']>>): object {
    return {
      kind: file.kind,
      name: file.name,
      getFile: () => file.getFile(),
      createSyncAccessHandle: async () => this.#access(await file.createSyncAccessHandle()),
    };
  }

  #access(access: DiskAccess): object {
    return {
      getSize: () => access.getSize(),
      read: (...given: Parameters<DiskAccess['read']>) => access.read(...given),
      truncate: (size: number) => access.truncate(size),
      close: () => access.close(),
      flush: () => {
        this.#require();
        access.flush();
      },
      write: (from: ArrayBufferView, options: { at: number }) => {
        // What lies within the file has its room.
        const grows = options.at + from.byteLength > access.getSize();
        if (!grows || this.#takes()) return access.write(from as AllowSharedBufferSource, options);
        if (this.#manner !== 'error') {
          const half = new Uint8Array(from.buffer, from.byteOffset, from.byteLength >> 1);
          access.write(half as AllowSharedBufferSource, options);
          if (this.#manner === 'short') return half.length;
          if (this.#manner === 'silent') return from.byteLength;
        }
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      },
    };
  }
}
