import { bytes as asBytes } from '../../base/units.ts';
import { UserError } from '../../base/userError.ts';
import type { Part } from '../cache/fileStore.ts';
import { isFull } from '../cache/writes.ts';
import { hubAccess } from './access.ts';
import { type Checksum, checksumOf } from './checksum.ts';
import { type Commit, fileUrl, type ListedFile } from './repository.ts';
import { request } from './request.ts';

/** The storage that a part lies in. */
export interface Storage {
  /** Bytes that it still takes; null where that is not known. */
  room(): Promise<number | null>;
  /** What can be removed to make room, in words. */
  removable(): Promise<string>;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (loaded: number, total: number) => void;
  /** null for memory. */
  readonly storage: Storage | null;
}

/** Bytes of a part that are read at once. */
const readAtOnce = 2 ** 22;

/**
 * Fetches the rest of a file into `part`, going on from the bytes that are there, and checks size and hash. What
 * does not match is deleted and fetched once more. When it fails otherwise the part stays, for the next time.
 * @throws UserError
 */
export async function download(
  at: Commit,
  file: ListedFile,
  part: Part,
  options: DownloadOptions,
): Promise<void> {
  const what = `hub:${at.repository}@${at.commit}/${file.path}`;
  if (part.size > file.size) part.clear();
  const room = (await options.storage?.room()) ?? Number.POSITIVE_INFINITY;
  if (options.storage && room < file.size - part.size) {
    throw await noRoom(what, file.size - part.size, options.storage);
  }
  for (let again = false; ; again = true) {
    if (await fetchRest(at, file, what, part, options)) return;
    part.clear();
    const words = `${what} came with other bytes than the hub lists`;
    if (again) {
      throw new UserError(
        `${words}, twice, and was not kept; try again later, or set another hub in the settings.`,
      );
    }
    hubAccess().onNotice(`${words}; it is fetched once more.`);
  }
}

/**
 * What to say where storage is full. Browsers name a larger quota than they grant, so that what is missing is
 * not always known.
 * @param needed bytes that are to come
 */
export async function noRoom(what: string, needed: number, storage: Storage): Promise<UserError> {
  const room = await storage.room();
  const lacking =
    room === null || room >= needed
      ? 'which the browser does not grant this page'
      : `${asBytes(needed - room)} more than the browser grants this page`;
  return new UserError(
    `${what} needs ${asBytes(needed)} of room, ${lacking}; ${await storage.removable()}. What has come by now is kept.`,
  );
}

/** @returns whether the hash is the listed one */
async function fetchRest(
  at: Commit,
  file: ListedFile,
  what: string,
  part: Part,
  options: DownloadOptions,
): Promise<boolean> {
  const { signal, onProgress } = options;
  let checksum = hashedSoFar(file, part);
  onProgress?.(part.size, file.size);
  while (part.size < file.size) {
    const before = part.size;
    const response = await request(fileUrl(at, file.path), what, {
      signal,
      headers: before > 0 ? { Range: `bytes=${before}-${file.size - 1}` } : {},
      cache: 'no-store',
    });
    if (before > 0 && response.status !== 206) {
      part.clear();
      checksum = checksumOf(file);
    }
    await take(response, file, what, part, checksum, options);
    if (part.size === before) {
      throw new UserError(
        `${what} ends after ${part.size} bytes, but the hub lists ${file.size}; try again later, or set another hub in the settings.`,
      );
    }
  }
  return part.size === file.size && checksum.matches();
}

function hashedSoFar(file: ListedFile, part: Part): Checksum {
  const checksum = checksumOf(file);
  for (let from = 0; from < part.size; from += readAtOnce) {
    checksum.update(part.read(from, Math.min(part.size, from + readAtOnce)));
  }
  return checksum;
}

async function take(
  response: Response,
  file: ListedFile,
  what: string,
  part: Part,
  checksum: Checksum,
  options: DownloadOptions,
): Promise<void> {
  if (!response.body) return;
  // A reader, since Safari's streams cannot be iterated.
  const reader = response.body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const bytes = read.value;
      if (part.size + bytes.length > file.size) {
        part.clear();
        throw new UserError(
          `${what} is longer than the ${file.size} bytes that the hub lists; try again later.`,
        );
      }
      part.append(bytes);
      checksum.update(bytes);
      options.onProgress?.(part.size, file.size);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (!isFull(error) || !options.storage) throw error;
    throw await noRoom(what, file.size - part.size, options.storage);
  }
}
