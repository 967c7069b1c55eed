import type { AsyncBuffer } from 'hyparquet';
import { UserError } from '../../../base/userError.ts';
import type { FileStore } from '../../cache/fileStore.ts';
import { commitOf } from '../../hub/commit.ts';
import { keepTree, keptName, keptTree, openKept } from '../../hub/keptModels.ts';
import { parseHubName } from '../../hub/name.ts';
import { type Commit, fileUrl, type ListedFile, listTree } from '../../hub/repository.ts';
import { request } from '../../hub/request.ts';
import type { NamedSource } from '../lines.ts';

/** A file, of which `path` is below the repository's root. */
export type HubFile = Pick<ListedFile, 'path' | 'size'>;

/** Told what of a file has come; `total` is null where it is not known. */
export type OnDownload = (file: string, loaded: number, total: number | null) => void;

export interface HubOptions {
  readonly signal?: AbortSignal;
  readonly onDownload?: OnDownload;
}

/** A server that does not know ranges sends all of a file; more than this is not taken. */
const mostWithoutRanges = 256 * 2 ** 20;

/** A data set of the hub at one commit: its files, none of them read yet. */
export class HubRepository {
  /** `hub:OWNER/NAME@COMMIT` */
  readonly source: string;
  readonly files: readonly ListedFile[];
  readonly #at: Commit;
  readonly #options: HubOptions;

  private constructor(at: Commit, files: readonly ListedFile[], options: HubOptions) {
    this.source = `hub:${at.repository}@${at.commit}`;
    this.files = files;
    this.#at = at;
    this.#options = options;
  }

  /**
   * @param name OWNER/NAME@REVISION
   * @param context.hub origin of the hub
   * @throws UserError when it is not there, which `isMissing` tells
   */
  static async open(
    name: string,
    { hub }: { readonly hub: string },
    options: HubOptions,
  ): Promise<HubRepository> {
    const { signal } = options;
    const named = parseHubName(name);
    const { repository, commit } = await commitOf(named, hub, 'datasets', signal);
    const at: Commit = { hub, kind: 'datasets', repository, commit };
    const kept = await openKept(keptName('datasets', repository), commit, false);
    const files = (kept && (await keptTree(kept))) ?? (await listTree(at, signal));
    return new HubRepository(at, files, options);
  }

  /** Keeps the listing, so that the data set opens without a network. @returns null where nothing can be stored */
  async keep(): Promise<FileStore | null> {
    const { repository, commit } = this.#at;
    const store = await openKept(keptName('datasets', repository), commit);
    if (store) await keepTree(store, this.files);
    return store;
  }

  nameOf({ path }: HubFile): string {
    return `${this.source}/${path}`;
  }

  /** The file from its beginning. */
  stream(file: HubFile): NamedSource {
    const name = this.nameOf(file);
    const { signal, onDownload } = this.#options;
    return {
      name,
      stream: async () => {
        const response = await request(fileUrl(this.#at, file.path), name, { signal });
        if (!response.body) throw new UserError('is empty; choose another file.', { file: name });
        let loaded = 0;
        return response.body.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(block, controller) {
              loaded += block.length;
              onDownload?.(name, loaded, file.size || null);
              controller.enqueue(block);
            },
          }),
        );
      },
    };
  }

  /** The file by byte ranges. */
  ranges(file: HubFile): AsyncBuffer {
    const name = this.nameOf(file);
    const url = fileUrl(this.#at, file.path);
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
          throw new UserError('cannot be read in parts from this server; set another hub.', { file: name });
        }
        const bytes = await response.arrayBuffer();
        loaded += bytes.byteLength;
        onDownload?.(name, loaded, null);
        if (response.status === 200) whole = bytes;
        const part = response.status === 200 ? bytes.slice(start, end) : bytes;
        if (part.byteLength !== end - start) {
          throw new UserError(`was cut off: ${part.byteLength} of ${end - start} bytes came; try again.`, {
            file: name,
          });
        }
        return part;
      },
    };
  }
}
