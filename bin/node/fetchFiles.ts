import { createReadStream, readdirSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { below } from '../below.ts';

/** Where the lab's code finds the page's own files, and the user's below `__local`. */
export const filesBase = 'layerlab://files/';

export interface FileFolders {
  /** The page's `public` folder. */
  readonly page: string;
  readonly models?: string;
  readonly data?: string;
}

const missing = (): Response => new Response(null, { status: 404 });

/** What a path below the base names: a folder of the machine, and the path below it. */
function placeOf(path: string, { page, models, data }: FileFolders): readonly [string | undefined, string] {
  const local = /^__local\/(models|data)\/(.*)$/.exec(path);
  if (!local) return [page, path];
  return [local[1] === 'models' ? models : data, local[2]!];
}

/** Answers as the command line's server answers the browser: ranges, and for the user's folders their lists. */
export function fetchFile(url: string, init: RequestInit | undefined, folders: FileFolders): Response {
  const path = url.slice(filesBase.length).split('?')[0]!;
  const [folder, rest] = placeOf(path, folders);
  const file = folder === undefined ? undefined : below(folder, rest.replace(/\/+$/, ''));
  const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  if (file === undefined || !found) return missing();
  if (found.isDirectory()) return folder === folders.page ? missing() : Response.json(filesBelow(file));
  return fileResponse(file, found, init);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'));
}

function fileResponse(file: string, { size }: Stats, init: RequestInit | undefined): Response {
  const type = file.endsWith('dataset.json') ? 'application/json' : 'application/octet-stream';
  const range = /^bytes=(\d+)-(\d*)$/.exec(new Headers(init?.headers).get('Range') ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  const headers = { 'Content-Type': type, 'Content-Length': String(end - start + 1) };
  const body =
    init?.method === 'HEAD' || end < start
      ? null
      : (Readable.toWeb(createReadStream(file, { start, end })) as ReadableStream<Uint8Array<ArrayBuffer>>);
  return new Response(body, { status: range ? 206 : 200, headers });
}
