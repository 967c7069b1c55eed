/**
 * What the built page consists of. `app` is kept by every visit; `further` (the runtimes, models, collections)
 * once the user asks for it. The build lists them: scripts/offlineFiles.ts.
 */
export interface OfflineFiles {
  readonly app: readonly OfflineFile[];
  readonly further: readonly OfflineFile[];
}

export interface OfflineFile {
  /** Below the page's folder. */
  readonly path: string;
  /** The start of the SHA-256 of the file, in hexadecimal. */
  readonly revision: string;
  readonly bytes: number;
}

/** The list of `further`, which the build writes beside the page. */
export const furtherList = 'offline-files.json';

/** Name of the cache of `further`, shared by the page, which fills it, and the service worker, which reads it. */
export const keptCache = 'layerlab-kept';

/** Under which address a file is kept: one of another build is another entry. */
export function keptAddress(base: string, { path, revision }: OfflineFile): string {
  const address = new URL(path, base);
  address.searchParams.set('revision', revision);
  return address.href;
}
