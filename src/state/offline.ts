import { create } from 'zustand';
import {
  furtherList,
  keptAddress,
  keptCache,
  type OfflineFile,
  type OfflineFiles,
} from '../../workers/offline/files.ts';
import { sha256 } from '../base/sha256.ts';
import { bytes } from '../base/units.ts';
import { isCancelled, sentenceOf, UserError } from '../base/userError.ts';
import { roomLeft } from '../lab/cache/room.ts';
import { isFull, putInCache } from '../lab/cache/writes.ts';
import { markKept } from './keptMark.ts';
import { type Loadable, loaded } from './loadable.ts';
import { askToKeep } from './persistence.ts';

/** What of the models, runtimes and collections is there without a network. */
export interface Kept {
  readonly files: number;
  readonly bytes: number;
  readonly missing: readonly OfflineFile[];
}

interface Offline {
  readonly kept: Loadable<Kept>;
  /** Bytes fetched of those that were missing; null while nothing is fetched. */
  readonly keeping: { readonly done: number; readonly total: number } | null;
  readonly sentence: string | null;
}

export const useOffline = create<Offline>(() => ({
  kept: { status: 'loading' },
  keeping: null,
  sentence: null,
}));

let abort: AbortController | undefined;

/** What is kept, read from the browser's caches. */
export async function lookOffline(): Promise<void> {
  const kept = await loaded(whatIsKept);
  useOffline.setState({ kept });
  if (kept.status !== 'ready') return;
  const { bytes: held } = kept.value;
  await markKept('offline', held > 0 ? [`the copy for use without a network (${bytes(held)})`] : []);
}

/** Fetches and keeps what is missing; what came before a cancellation or a fault stays kept. */
export async function keepOffline(): Promise<void> {
  const { kept, keeping } = useOffline.getState();
  if (kept.status !== 'ready' || keeping) return;
  const { missing } = kept.value;
  abort = new AbortController();
  const total = bytesOf(missing);
  useOffline.setState({ keeping: { done: 0, total }, sentence: null });
  try {
    await requireRoom(total);
    void askToKeep(true);
    let done = 0;
    for (const file of missing) {
      await keep(file, abort.signal);
      done += file.bytes;
      useOffline.setState({ keeping: { done, total } });
    }
  } catch (error) {
    if (!isCancelled(error)) useOffline.setState({ sentence: sentenceOf(error) });
  }
  useOffline.setState({ keeping: null });
  await lookOffline();
}

export function cancelKeeping(): void {
  abort?.abort();
}

/** Gives the room back. The page itself stays kept. */
export async function dropOffline(): Promise<void> {
  await caches.delete(keptCache);
  await lookOffline();
}

async function whatIsKept(): Promise<Kept> {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) {
    throw new UserError(
      'This browser keeps no pages here; open the lab over https, outside a private window, to use it without a network.',
    );
  }
  const response = await fetch(furtherList);
  if (!response.ok) {
    throw new UserError(
      `${furtherList} cannot be read (status ${response.status}); only a built page has it.`,
    );
  }
  const files = (await response.json()) as OfflineFiles['further'];
  const cache = await caches.open(keptCache);
  const there = new Set((await cache.keys()).map(({ url }) => url));
  const isKept = (file: OfflineFile): boolean => there.has(keptAddress(document.baseURI, file));
  const held = files.filter(isKept);
  return {
    files: held.length,
    bytes: bytesOf(held),
    missing: files.filter((file) => !isKept(file)),
  };
}

async function requireRoom(needed: number): Promise<void> {
  const room = await roomLeft();
  if (room === null || room >= needed) return;
  throw new UserError(
    `${bytes(needed)} are needed and this browser grants ${bytes(room)} more; clear stored embeddings or free disk space.`,
  );
}

async function keep(file: OfflineFile, signal: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await fetch(file.path, { cache: 'no-cache', signal });
  } catch {
    signal.throwIfAborted();
    throw new UserError('cannot be fetched; is the network there? What came before it is kept.', {
      file: file.path,
    });
  }
  if (!response.ok)
    throw new UserError(`cannot be fetched (status ${response.status}).`, { file: file.path });
  const content = await response.arrayBuffer();
  if (!(await sha256(new Uint8Array(content))).startsWith(file.revision)) {
    throw new UserError('is not the file of this version of the lab; reload the page.', { file: file.path });
  }
  const headers = { 'Content-Type': response.headers.get('Content-Type') ?? 'application/octet-stream' };
  try {
    await putInCache(keptCache, keptAddress(document.baseURI, file), new Response(content, { headers }));
  } catch (error) {
    throw new UserError(
      isFull(error)
        ? 'finds no room in this browser; remove stored embeddings or downloads, or free disk space. What came before it is kept.'
        : `cannot be kept (${sentenceOf(error)}); try again. What came before it is kept.`,
      { file: file.path },
    );
  }
}

function bytesOf(files: readonly OfflineFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
