import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openAsBlob,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Ends the name of the file that says who writes the one beside it. */
const lockMark = '.~lock';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function notFound(path: string): DOMException {
  return new DOMException(`${path} is not there.`, 'NotFoundError');
}

/** Whether the process that wrote a lock ended on this machine without taking it away. */
function isAbandoned(owner: string): boolean {
  const [host, pid] = owner.split(' ');
  if (host !== hostname() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Takes an abandoned lock away. Of two that try, the one that finds a fresh lock in its hands puts it back. */
function clearAbandoned(lock: string): boolean {
  const owner = readFileSync(lock, 'utf8');
  if (!isAbandoned(owner)) return false;
  const taken = `${lock}-${process.pid}${lockMark}`;
  renameSync(lock, taken);
  const stale = readFileSync(taken, 'utf8') === owner;
  if (!stale) linkSync(taken, lock);
  rmSync(taken);
  return stale;
}

/** @returns what lets go of the lock. @throws NoModificationAllowedError while another one holds it */
function lockFile(path: string): () => void {
  const lock = path + lockMark;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lock, `${hostname()} ${process.pid}`, { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    try {
      if (!clearAbandoned(lock)) break;
    } catch (error) {
      // Its owner has just let go.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  throw new DOMException(`Another run writes ${path}.`, 'NoModificationAllowedError');
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** A file that one run reads and writes, as the browser's own file system gives it to a worker. */
class DiskAccess {
  readonly #file: number;
  readonly #unlock: () => void;

  constructor(path: string) {
    this.#unlock = lockFile(path);
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT);
  }

  getSize(): number {
    return fstatSync(this.#file).size;
  }

  read(into: AllowSharedBufferSource, { at = 0 }: { at?: number } = {}): number {
    const bytes = bytesOf(into);
    let read = 0;
    for (let got = 1; got > 0 && read < bytes.length; read += got) {
      got = readSync(this.#file, bytes, read, bytes.length - read, at + read);
    }
    return read;
  }

  write(from: AllowSharedBufferSource, { at = 0 }: { at?: number } = {}): number {
    const bytes = bytesOf(from);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, at + written);
      }
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    }
    return written;
  }

  truncate(size: number): void {
    ftruncateSync(this.#file, size);
  }

  flush(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
    this.#unlock();
  }
}

class DiskFile {
  readonly kind = 'file';
  readonly name: string;
  readonly #path: string;

  constructor(path: string, name: string) {
    this.#path = path;
    this.name = name;
  }

  async getFile(): Promise<File> {
    const lastModified = Math.round(statSync(this.#path).mtimeMs);
    return new File([await openAsBlob(this.#path)], this.name, { lastModified });
  }

  async createSyncAccessHandle(): Promise<DiskAccess> {
    return new DiskAccess(this.#path);
  }
}

/**
 * A folder of the disk as a folder of the browser's own file system, which the lab's caches are written for: as
 * much of it as they use. A file that is open for writing is locked, against other processes too.
 */
export class DiskFolder {
  readonly kind = 'directory';
  readonly name: string;
  readonly #path: string;

  constructor(path: string, name = '') {
    mkdirSync(path, { recursive: true });
    this.#path = path;
    this.name = name;
  }

  #kindOf(name: string): 'file' | 'directory' | null {
    const found = statSync(join(this.#path, name), { throwIfNoEntry: false });
    if (!found) return null;
    return found.isDirectory() ? 'directory' : 'file';
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<DiskFolder> {
    const path = join(this.#path, name);
    if (!create && this.#kindOf(name) !== 'directory') throw notFound(path);
    return new DiskFolder(path, name);
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<DiskFile> {
    const path = join(this.#path, name);
    if (this.#kindOf(name) !== 'file') {
      if (!create) throw notFound(path);
      closeSync(openSync(path, 'a'));
    }
    return new DiskFile(path, name);
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    const path = join(this.#path, name);
    const kind = this.#kindOf(name);
    if (kind === null) throw notFound(path);
    if (kind === 'directory' && !recursive) rmdirSync(path);
    else rmSync(path, { recursive });
  }

  async *entries(): AsyncGenerator<[string, DiskFolder | DiskFile]> {
    for (const name of readdirSync(this.#path)) {
      if (name.endsWith(lockMark)) continue;
      const path = join(this.#path, name);
      const kind = this.#kindOf(name);
      if (kind !== null)
        yield [name, kind === 'directory' ? new DiskFolder(path, name) : new DiskFile(path, name)];
    }
  }

  async *keys(): AsyncGenerator<string> {
    for await (const [name] of this.entries()) yield name;
  }
}
