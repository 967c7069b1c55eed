import { UserError } from '../../base/userError.ts';
import { refuseTooLarge } from './largestModel.ts';
import type { ScannedModel } from './onnx/scan.ts';
import type { ModelFiles } from './types.ts';

/** Weights beside a graph, by the name that the graph has for their file. */
export interface ExternalFile {
  readonly path: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Path of a file that the graph at `path` names. */
export function besideGraph(path: string, name: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) + name.replace(/^\.\//, '');
}

/**
 * Reads the files in which a graph keeps its weights.
 * @param path the graph's, relative to which the others are named
 * @throws UserError when one is missing, or they are more than a browser's runtime can hold
 */
export async function readExternal(
  model: ScannedModel,
  files: ModelFiles,
  path: string,
  options: Parameters<ModelFiles['bytes']>[1] & {
    readonly onFile?: (file: string, loaded: number, total: number | undefined) => void;
  },
): Promise<ExternalFile[]> {
  const names = new Set(model.initializers.map(({ external }) => external).filter((name) => name !== null));
  const read: ExternalFile[] = [];
  let total = model.bytes.length;
  for (const name of names) {
    const beside = besideGraph(path, name);
    if (!(await files.has(beside))) {
      throw new UserError(
        `keeps its weights in ${beside}, which is not there; use all files of the export.`,
        {
          file: `${files.source}/${path}`,
        },
      );
    }
    total += (await files.size?.(beside)) ?? 0;
    await refuseTooLarge(files, path, { graph: model.bytes.length, beside: total - model.bytes.length });
    const data = await files.bytes(beside, {
      signal: options.signal,
      onProgress: (loaded, of) => options.onFile?.(`${files.source}/${beside}`, loaded, of),
    });
    read.push({ path: name, data });
  }
  return read;
}
