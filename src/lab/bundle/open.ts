import { type UnzipFileInfo, unzipSync } from 'fflate';
import { UserError } from '../../base/userError.ts';
import { mayGrow, tooGrown } from '../formats/gzip.ts';
import { readReport } from '../report/read.ts';
import type { Report } from '../report/report.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import { type Manifest, manifestFile, manifestSchema, reportFile } from './manifest.ts';

export interface OpenedBundle {
  readonly file: string;
  readonly manifest: Manifest;
  readonly spec: Spec;
  readonly runs: readonly { readonly id: string; readonly title: string; readonly report: Report }[];
  /** Every file of the bundle but its manifest, whether the manifest names it or not. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** What a bundle is shown by. */
export type ShownBundle = Omit<OpenedBundle, 'files'>;

/**
 * Opens a bundle that the lab wrote, as far as it can be shown; what was changed in it is found by `checkBundle`.
 * @param file its name, for what is wrong with it
 * @throws UserError when it is none, or lacks what it is shown by
 */
export function openBundle(bytes: Uint8Array<ArrayBuffer>, file: string): OpenedBundle {
  const entries = unzipped(bytes, file);
  const own = [...entries.keys()].find((path) => path.split('/').at(-1) === manifestFile);
  if (own === undefined) {
    throw new UserError(`holds no ${manifestFile}; choose a bundle that the Reproduce page saved.`, { file });
  }
  const folder = own.slice(0, -manifestFile.length);
  const files = new Map(
    [...entries].flatMap(([path, content]) =>
      path.startsWith(folder) && path !== own && !path.endsWith('/')
        ? [[path.slice(folder.length), content] as const]
        : [],
    ),
  );
  const text = (path: string): string => {
    const content = path === manifestFile ? entries.get(own) : files.get(path);
    if (!content) throw new UserError('is missing from the bundle; get the bundle again.', { file: path });
    return new TextDecoder().decode(content);
  };
  const manifest = manifestSchema.safeParse(parsed(text(manifestFile), manifestFile));
  if (!manifest.success) {
    throw new UserError('is not of a bundle that this lab can read; save it with this version.', {
      file: manifestFile,
      field: manifest.error.issues[0]?.path.map(String).join('.') || 'format',
    });
  }
  return {
    file,
    manifest: manifest.data,
    spec: parseSpec(parsed(text('spec.json'), 'spec.json')),
    runs: manifest.data.runs.map(({ id, title }) => ({
      id,
      title,
      report: readReport(text(reportFile(id)), reportFile(id)),
    })),
    files,
  };
}

/** @throws UserError for what is no .zip, has a path out of its folder, or grows past all measure */
function unzipped(bytes: Uint8Array<ArrayBuffer>, file: string): Map<string, Uint8Array<ArrayBuffer>> {
  let unpacked = 0;
  const accept = ({ name, originalSize }: UnzipFileInfo): boolean => {
    if (!isInside(name)) {
      throw new UserError(`holds the path "${name}", which leads out of its folder; get the bundle again.`, {
        file,
      });
    }
    unpacked += originalSize;
    if (!mayGrow(bytes.length, unpacked)) throw tooGrown(file);
    return true;
  };
  try {
    return new Map(
      Object.entries(unzipSync(bytes, { filter: accept })).map(([path, content]) => [
        path,
        new Uint8Array(content),
      ]),
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('is no .zip file, or was cut off; choose a bundle that the Reproduce page saved.', {
      file,
    });
  }
}

function isInside(path: string): boolean {
  return !/^([/\\]|[a-z]:)/i.test(path) && !path.split(/[/\\]/).includes('..');
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError('is not JSON; get the bundle again.', { file });
  }
}
