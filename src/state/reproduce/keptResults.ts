import { createStore, delMany, entries, get, keys, type UseStore } from 'idb-keyval';
import type { FinishedRun } from '../../lab/bundle/write.ts';
import { putRecord } from '../../lab/cache/writes.ts';
import { readReport } from '../../lab/report/read.ts';
import type { Report } from '../../lab/report/report.ts';

/** A collection's result, as the browser keeps it between visits. */
export interface KeptResult {
  /** Which reproduction it is of, as `keyOf`. */
  readonly key: string;
  readonly id: string;
  readonly title: string;
  readonly report: Report;
}

export type KeptFile = FinishedRun['files'][number];

/** Opened when first used: a browser that forbids storage says so then, and not before the page is there. */
function lazily(name: string): () => UseStore {
  let store: UseStore | null = null;
  return () => {
    store ??= createStore(name, 'kept');
    return store;
  };
}

/** Reports are small and read at once; files are large and read one by one. Hence two databases. */
const reports = lazily('layerlab-reproduce');
const files = lazily('layerlab-reproduce-files');

type FileKey = [key: string, id: string, path: string];

/** Every result that can still be read; one of an older lab that cannot is passed over, and made again. */
export async function readKept(): Promise<KeptResult[]> {
  const found = await entries<string, { key: string; id: string; title: string; report: string }>(reports());
  return found.flatMap(([, { key, id, title, report }]) => {
    try {
      return [{ key, id, title, report: readReport(report, id) }];
    } catch {
      return [];
    }
  });
}

/** Written after its files, so that a result without them is never seen. */
export async function keepResult({ key, id, title, report }: KeptResult): Promise<void> {
  await putRecord(reports(), `${key}/${id}`, { key, id, title, report: JSON.stringify(report) });
}

/** @throws QuotaExceededError when the browser's storage is full */
export async function keepFile(key: string, id: string, { path, bytes }: KeptFile): Promise<void> {
  const at: FileKey = [key, id, path];
  await putRecord(files(), at, bytes);
}

async function fileKeys(key: string, id: string | null): Promise<FileKey[]> {
  const all = await keys<FileKey>(files());
  return all.filter((at) => at[0] === key && (id === null || at[1] === id));
}

/** @param below only files whose path begins so */
export async function readFiles(key: string, id: string, below = ''): Promise<KeptFile[]> {
  const found: KeptFile[] = [];
  for (const at of await fileKeys(key, id)) {
    if (!at[2].startsWith(below)) continue;
    const bytes = await get<Uint8Array<ArrayBuffer>>(at, files());
    if (bytes) found.push({ path: at[2], bytes });
  }
  return found;
}

/** @param id null forgets all of a reproduction */
export async function forgetFiles(key: string, id: string | null): Promise<void> {
  await delMany(await fileKeys(key, id), files());
}

export async function forgetResults(key: string, ids: readonly string[]): Promise<void> {
  await delMany(
    ids.map((id) => `${key}/${id}`),
    reports(),
  );
  await forgetFiles(key, null);
}
