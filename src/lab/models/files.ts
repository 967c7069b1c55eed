import { UserError } from '../../base/userError.ts';
import { encodePath } from '../hub/encodePath.ts';
import { isMissing, request } from '../hub/request.ts';
import { type FileContext, splitSource } from '../hub/source.ts';
import { openHubModel } from './hubFiles.ts';
import { readBlob } from './readBlob.ts';
import type { ModelFiles } from './types.ts';

/** @throws UserError when the source names nothing that is here. Files are read only when asked for. */
export async function openModelFiles(
  source: string,
  context: FileContext,
  signal?: AbortSignal,
): Promise<ModelFiles> {
  const { scheme, name } = splitSource(source);
  switch (scheme) {
    case 'bundled':
      return new HttpFiles(source, new URL(`models/${encodePath(name)}/`, context.base).href);
    case 'local':
      return new HttpFiles(source, new URL(`__local/models/${encodePath(name)}/`, context.base).href);
    case 'folder': {
      const files = context.folders.get(name);
      if (!files) {
        throw new UserError(`${source} is not here; drop the folder "${name}" on the page again.`);
      }
      return new DroppedFiles(source, files);
    }
    case 'hub':
      return await openHubModel(name, context.hub, signal);
    default:
      throw new UserError(
        `"${source}" names no model; use bundled:, local:, folder: or hub:OWNER/NAME@REVISION.`,
      );
  }
}

class HttpFiles implements ModelFiles {
  readonly source: string;
  readonly #base: string;
  /** What was answered of each path, null of one that is missing. */
  readonly #heads = new Map<string, Promise<{ readonly size: number | null } | null>>();

  constructor(source: string, base: string) {
    this.source = source;
    this.#base = base;
  }

  async has(path: string): Promise<boolean> {
    return (await this.#head(path)) !== null;
  }

  async size(path: string): Promise<number | null> {
    return (await this.#head(path))?.size ?? null;
  }

  #head(path: string): Promise<{ readonly size: number | null } | null> {
    const known = this.#heads.get(path);
    if (known) return known;
    const asked = this.#ask(path);
    this.#heads.set(path, asked);
    // What failed is asked for again.
    asked.catch(() => this.#heads.delete(path));
    return asked;
  }

  async #ask(path: string): Promise<{ readonly size: number | null } | null> {
    const response = await fetch(this.#base + encodePath(path), { method: 'HEAD' });
    return response.ok && !isPageInstead(response) ? { size: sizeOf(response) ?? null } : null;
  }

  async #open(path: string, init: Parameters<typeof request>[2]): Promise<Response> {
    const missing = (): UserError => new UserError(`${this.source}/${path} is not there; check the name.`);
    try {
      const response = await request(this.#base + encodePath(path), `${this.source}/${path}`, init);
      if (isPageInstead(response)) throw missing();
      return response;
    } catch (error) {
      // That a server of this machine answered 404 says nothing to who named a folder.
      throw isMissing(error) ? missing() : error;
    }
  }

  async text(path: string, signal?: AbortSignal): Promise<string> {
    return (await this.#open(path, { signal })).text();
  }

  async bytes(
    path: string,
    options: Parameters<ModelFiles['bytes']>[1] = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { range, signal, onProgress } = options;
    const headers: Record<string, string> = range ? { Range: `bytes=${range[0]}-${range[1] - 1}` } : {};
    const response = await this.#open(path, { signal, headers });
    const whole = await readBody(response, onProgress);
    // A server that does not know ranges sends the whole file.
    return range && response.status === 200 ? whole.slice(range[0], range[1]) : whole;
  }
}

/** Hosts of single-page apps answer any path with the page itself. */
function isPageInstead(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
}

/** Bytes of an answer's content; a compressed answer's length is not that. */
function sizeOf({ headers }: Response): number | undefined {
  const length = headers.get('Content-Length');
  return length !== null && !headers.get('Content-Encoding') ? Number(length) : undefined;
}

async function readBody(
  response: Response,
  onProgress: ((loaded: number, total: number | undefined) => void) | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const total = sizeOf(response);
  if (!response.body || total === undefined) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    onProgress?.(bytes.length, bytes.length);
    return bytes;
  }
  const bytes = new Uint8Array(total);
  let loaded = 0;
  // A reader, since Safari's streams cannot be iterated.
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (loaded + read.value.length > total)
      throw new UserError(`${response.url} is longer than announced; try again.`);
    bytes.set(read.value, loaded);
    loaded += read.value.length;
    onProgress?.(loaded, total);
  }
  if (loaded < total)
    throw new UserError(`${response.url} was cut off after ${loaded} of ${total} bytes; try again.`);
  return bytes;
}

class DroppedFiles implements ModelFiles {
  readonly source: string;
  readonly #files: ReadonlyMap<string, File>;

  constructor(source: string, files: ReadonlyMap<string, File>) {
    this.source = source;
    this.#files = files;
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

  #file(path: string): File {
    const file = this.#files.get(path);
    if (!file)
      throw new UserError(`has no ${path}; drop the whole model folder in the hub's layout.`, {
        file: this.source,
      });
    return file;
  }

  async text(path: string): Promise<string> {
    return await this.#file(path).text();
  }

  async bytes(
    path: string,
    options: Parameters<ModelFiles['bytes']>[1] = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#file(path);
    const part = options.range ? file.slice(options.range[0], options.range[1]) : file;
    const bytes = await readBlob(part);
    options.onProgress?.(bytes.length, bytes.length);
    return bytes;
  }
}
