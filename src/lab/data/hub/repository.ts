import type { AsyncBuffer } from 'hyparquet';
import { z } from 'zod';
import { type FileContext, parseHubName, request, resolveRevision } from '../../models/files.ts';
import { isCancelled, Problem } from '../../problem.ts';
import type { NamedSource } from '../lines.ts';

export interface HubFile {
  /** Below the repository's root. */
  readonly path: string;
  readonly size: number;
}

/** Told what of a file has come; `total` is null where it is not known. */
export type OnDownload = (file: string, loaded: number, total: number | null) => void;

export interface HubOptions {
  readonly signal?: AbortSignal;
  readonly onDownload?: OnDownload;
}

const treeSchema = z.array(z.object({ type: z.string(), path: z.string(), size: z.int().min(0).default(0) }));

/** A server that does not know ranges sends all of a file; more than this is not taken. */
const mostWithoutRanges = 256 * 2 ** 20;

/** A data set of the hub at one commit: its files, none of them read yet. */
export class HubRepository {
  /** `hub:OWNER/NAME@COMMIT` */
  readonly source: string;
  readonly files: readonly HubFile[];
  readonly #base: string;
  readonly #options: HubOptions;

  private constructor(source: string, files: readonly HubFile[], base: string, options: HubOptions) {
    this.source = source;
    this.files = files;
    this.#base = base;
    this.#options = options;
  }

  /** @param name OWNER/NAME@REVISION @throws Problem when it is not there */
  static async open(
    name: string,
    { hub }: Pick<FileContext, 'hub'>,
    options: HubOptions,
  ): Promise<HubRepository> {
    const { signal } = options;
    const { repository, revision } = parseHubName(name);
    const commit = await resolveRevision(hub, repository, revision, signal, 'datasets');
    const source = `hub:${repository}@${commit}`;
    const files: HubFile[] = [];
    let page: string | null = `${hub}/api/datasets/${repository}/tree/${commit}?recursive=true`;
    while (page !== null) {
      const response: Response = await request(page, source, { signal });
      const listed = treeSchema.parse(await response.json());
      for (const { type, path, size } of listed) if (type === 'file') files.push({ path, size });
      page = nextPage(response.headers.get('Link'), hub);
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return new HubRepository(source, files, `${hub}/datasets/${repository}/resolve/${commit}/`, options);
  }

  nameOf({ path }: HubFile): string {
    return `${this.source}/${path}`;
  }

  /** The file from its beginning, unpacked if it is packed by gzip. */
  stream(file: HubFile): NamedSource {
    const name = this.nameOf(file);
    const { signal, onDownload } = this.#options;
    return {
      name,
      stream: async () => {
        const response = await request(this.#base + encoded(file.path), name, { signal });
        if (!response.body) throw new Problem('is empty; choose another file.', { file: name });
        let loaded = 0;
        const counted = saying(response.body, (error) =>
          isCancelled(error)
            ? error
            : new Problem(`was cut off after ${loaded} bytes; check the connection and try again.`, {
                file: name,
              }),
        ).pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(block, controller) {
              loaded += block.length;
              onDownload?.(name, loaded, file.size || null);
              controller.enqueue(block);
            },
          }),
        );
        return await unpacked(counted, name);
      },
    };
  }

  /** The file by byte ranges. */
  ranges(file: HubFile): AsyncBuffer {
    const name = this.nameOf(file);
    const url = this.#base + encoded(file.path);
    const { signal, onDownload } = this.#options;
    let loaded = 0;
    let whole: ArrayBuffer | null = null;
    return {
      byteLength: file.size,
      slice: async (start, end = file.size) => {
        if (whole) return whole.slice(start, end);
        const response = await request(url, name, {
          signal,
          headers: { Range: `bytes=${start}-${end - 1}` },
        });
        if (response.status === 200 && file.size > mostWithoutRanges) {
          await response.body?.cancel();
          throw new Problem('cannot be read in parts from this server; set another hub.', { file: name });
        }
        const bytes = await response.arrayBuffer();
        loaded += bytes.byteLength;
        onDownload?.(name, loaded, null);
        if (response.status === 200) whole = bytes;
        const part = response.status === 200 ? bytes.slice(start, end) : bytes;
        if (part.byteLength !== end - start) {
          throw new Problem(`was cut off: ${part.byteLength} of ${end - start} bytes came; try again.`, {
            file: name,
          });
        }
        return part;
      },
    };
  }
}

/** The address of a listing's next page, which stays with the hub that was asked. */
function nextPage(link: string | null, hub: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (next === undefined) return null;
  const { pathname, search } = new URL(next, hub);
  return hub + pathname + search;
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** The same stream, whose errors are put in words. */
function saying(
  stream: ReadableStream<Uint8Array>,
  words: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(words(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Told by its first bytes, since some servers unpack a .gz on the way. */
async function unpacked(
  stream: ReadableStream<Uint8Array>,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const reader = stream.getReader();
  const first = await reader.read();
  const rest = new ReadableStream<Uint8Array>({
    start(controller) {
      if (first.value) controller.enqueue(first.value);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  if (first.value?.[0] !== 0x1f || first.value[1] !== 0x8b) return rest;
  const gunzip = new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>;
  return saying(rest.pipeThrough(gunzip), (error) =>
    error instanceof Problem || isCancelled(error)
      ? error
      : new Problem('could not be unpacked; it is cut off or no gzip. Try again, or choose another file.', {
          file: name,
        }),
  );
}
