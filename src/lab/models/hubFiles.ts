import { UserError } from '../../base/userError.ts';
import { closeQuietly, type FileStore, MemoryPart, type Part } from '../cache/fileStore.ts';
import { isFull } from '../cache/writes.ts';
import { hubAccess } from '../hub/access.ts';
import { commitOf } from '../hub/commit.ts';
import { download, noRoom, type Storage } from '../hub/download.ts';
import { keepTree, keptStorage, keptTree, openKept } from '../hub/keptModels.ts';
import { type HubName, otherSpelling, parseHubName } from '../hub/name.ts';
import { type Commit, fileUrl, type ListedFile, listTree, type Resolved } from '../hub/repository.ts';
import { isMissing, request } from '../hub/request.ts';
import { readBlob } from './readBlob.ts';
import type { ModelFiles } from './types.ts';

/**
 * Opens a model of the hub: its revision as a commit, its files as they are listed. Without an answer from
 * the hub the commit that the revision last was is opened if it is kept here, and that is said.
 * @param name OWNER/NAME@REVISION
 * @throws UserError when it is not there, or the hub does not answer and nothing is kept
 */
export async function openHubModel(name: string, hub: string, signal?: AbortSignal): Promise<ModelFiles> {
  const found = await resolve(parseHubName(name), hub, signal);
  const at: Commit = { hub, kind: 'models', ...found };
  const store = await openKept(at.repository, at.commit);
  let files = store && (await keptTree(store));
  if (!files) {
    files = await listTree(at, signal);
    if (store) await keepTree(store, files);
  }
  if (!store) {
    hubAccess().onNotice('This browser does not let the page store files; downloads are not kept.');
  }
  return new HubModel(at, files, store);
}

async function resolve(named: HubName, hub: string, signal?: AbortSignal): Promise<Resolved> {
  const { repository, revision } = named;
  try {
    return await commitOf(named, hub, 'models', signal);
  } catch (error) {
    const other = otherSpelling(repository);
    if (!isMissing(error) || other === null) throw error;
    try {
      const found = await commitOf({ repository: other, revision }, hub, 'models', signal);
      hubAccess().onNotice(`hub:${repository} is not there; ${other} is taken, as it is also spelt.`);
      return found;
    } catch (second) {
      throw isMissing(second) ? error : second;
    }
  }
}

class HubModel implements ModelFiles {
  readonly source: string;
  readonly #at: Commit;
  readonly #files: ReadonlyMap<string, ListedFile>;
  readonly #store: FileStore | null;

  constructor(at: Commit, files: readonly ListedFile[], store: FileStore | null) {
    this.source = `hub:${at.repository}@${at.commit}`;
    this.#at = at;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#store = store;
  }

  has(path: string): Promise<boolean> {
    return Promise.resolve(this.#files.has(path));
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.#files.keys()]);
  }

  size(path: string): Promise<number | null> {
    return Promise.resolve(this.#files.get(path)?.size ?? null);
  }

  async text(path: string, signal?: AbortSignal): Promise<string> {
    return new TextDecoder().decode(await this.bytes(path, { signal }));
  }

  async bytes(
    path: string,
    { range, signal, onProgress }: Parameters<ModelFiles['bytes']>[1] = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#files.get(path);
    if (!file) throw new UserError(`${this.source}/${path} is not there; check the name.`);
    const whole = await this.#store?.whole(path);
    if (whole?.size === file.size) {
      const [begin, end] = range ?? [0, file.size];
      const bytes = await readBlob(whole.slice(begin, end));
      onProgress?.(bytes.length, bytes.length);
      return bytes;
    }
    if (range) return await this.#range(file, range, signal);
    return await this.#download(file, signal, onProgress);
  }

  /** Part of a file that is not kept, for who wants little of it. */
  async #range(
    { path, size }: ListedFile,
    [begin, end]: readonly [number, number],
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const last = Math.min(end, size) - 1;
    const response = await request(fileUrl(this.#at, path), `${this.source}/${path}`, {
      signal,
      headers: { Range: `bytes=${begin}-${last}` },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.status === 206 ? bytes : bytes.slice(begin, last + 1);
  }

  async #download(
    file: ListedFile,
    signal: AbortSignal | undefined,
    onProgress: ((loaded: number, total: number | undefined) => void) | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const what = `${this.source}/${file.path}`;
    const kept = await this.#part(file, what);
    if (kept && this.#store) {
      const bytes = await this.#fill(file, kept, keptStorage, signal, onProgress);
      await this.#finish(kept, this.#store, file, what);
      return bytes;
    }
    if (this.#store) {
      hubAccess().onNotice(
        `Another tab is downloading ${what}; this run fetches it for itself and does not keep it.`,
      );
    }
    return await this.#fill(file, new MemoryPart(file.size), null, signal, onProgress);
  }

  async #part(file: ListedFile, what: string): Promise<Part | null> {
    try {
      return (await this.#store?.part(file.path)) ?? null;
    } catch (error) {
      throw isFull(error) ? await noRoom(what, file.size, keptStorage) : error;
    }
  }

  /** All of it has come: where it cannot be kept, the run goes on with it. */
  async #finish(part: Part, store: FileStore, { path }: ListedFile, what: string): Promise<void> {
    try {
      part.close();
      await store.finish(path);
    } catch (error) {
      if (!isFull(error)) throw error;
      const ways = await keptStorage.removable();
      hubAccess().onNotice(`${what} is not kept for the next run: the browser's storage is full; ${ways}.`);
    }
  }

  /** The part is open still where it came whole. */
  async #fill(
    file: ListedFile,
    part: Part,
    storage: Storage | null,
    signal: AbortSignal | undefined,
    onProgress: ((loaded: number, total: number | undefined) => void) | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    try {
      await download(this.#at, file, part, { signal, onProgress, storage });
      return part.read(0, file.size);
    } catch (error) {
      closeQuietly(part);
      throw error;
    }
  }
}
