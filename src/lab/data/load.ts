import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import { encodePath } from '../hub/encodePath.ts';
import { type FileContext, splitSource } from '../hub/source.ts';
import type { DatasetSpec } from '../spec/spec.ts';
import { judgeTexts, type ReadCollection, readBeirTexts } from './beir.ts';
import type { NamedSource } from './lines.ts';
import { type DroppedSource, type Understood, understand } from './understand.ts';

const aboutSchema = z.object({
  title: z.string().optional(),
  licence: z.string().optional(),
  about: z.string().optional(),
});

export interface LoadContext extends FileContext {
  /** Collections dropped on the page. */
  readonly understood: ReadonlyMap<string, Understood>;
}

export interface LoadOptions {
  /** The spec's, for a source of which a sample is read and not the whole. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Told what of a file of the hub has come; `total` is null where it is not known. */
  readonly onDownload?: (file: string, loaded: number, total: number | null) => void;
  /** Documents that are held at most; as many as a tab holds without. */
  readonly most?: number;
}

/**
 * Loads the collection a spec names: of the hub what the spec's sample needs, else all of it.
 * @throws UserError when it is not there or cannot be read
 */
export async function loadCollection(
  dataset: DatasetSpec,
  context: LoadContext,
  options: LoadOptions,
): Promise<ReadCollection> {
  const { scheme, name } = splitSource(dataset.source);
  const { signal } = options;
  switch (scheme) {
    case 'bundled':
      return await loadServed(dataset, name, new URL(`datasets/${name}/`, context.base).href, signal);
    case 'local':
      return await loadLocal(dataset, name, context, signal);
    case 'folder': {
      const found = context.understood.get(name);
      if (!found) throw new UserError(`${dataset.source} is not here; drop its files on the page again.`);
      return await found.load(dataset.split === 'test' ? found.preview.split : dataset.split);
    }
    case 'hub': {
      // The Parquet reader is fetched when it is needed.
      const { loadHubCollection } = await import('./hub/load.ts');
      return await loadHubCollection(dataset, context, options);
    }
    default:
      throw new UserError(
        `${dataset.source} cannot be read: collections come from bundled:, local:, folder: or hub: sources.`,
      );
  }
}

export function served(url: string, name: string, signal?: AbortSignal): NamedSource {
  return {
    name,
    stream: async () => {
      const response = await fetch(url, { signal });
      if (!response.ok || !response.body || response.headers.get('Content-Type')?.startsWith('text/html')) {
        throw new UserError('is not there; check the name in the spec.', { file: name });
      }
      return response.body;
    },
  };
}

async function loadServed(
  dataset: DatasetSpec,
  name: string,
  base: string,
  signal?: AbortSignal,
): Promise<ReadCollection> {
  const file = (path: string): NamedSource =>
    served(base + encodePath(path), `${dataset.source}/${path}`, signal);
  const response = await fetch(`${base}dataset.json`, { signal });
  const about =
    response.ok && response.headers.get('Content-Type')?.includes('json')
      ? aboutSchema.parse(await response.json())
      : {};
  const texts = await readBeirTexts(file('corpus.jsonl'), file('queries.jsonl'));
  return await judgeTexts(texts, file(`qrels/${dataset.split}.tsv`), {
    name,
    title: about.title ?? name,
    source: dataset.source,
    split: dataset.split,
    licence: about.licence,
    about: about.about,
  });
}

/** A folder or a single file below the command line's `--data`; a folder answers with the list of its files. */
export async function localFiles(
  source: string,
  name: string,
  context: LoadContext,
  signal?: AbortSignal,
): Promise<DroppedSource[]> {
  const url = new URL(`__local/data/${encodePath(name)}`, context.base).href;
  const response = await fetch(url, { signal });
  if (!response.ok || response.headers.get('Content-Type')?.startsWith('text/html')) {
    throw new UserError(`${source} is not there; local: collections are below the folder given with --data.`);
  }
  const isFolder = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  const paths = isFolder ? z.array(z.string()).parse(await response.json()) : [name];
  if (!isFolder) await response.body?.cancel();
  return paths.map((path) => ({
    ...served(isFolder ? `${url}/${encodePath(path)}` : url, isFolder ? `${name}/${path}` : name, signal),
    path,
  }));
}

/** What a collection below `--data` is called. */
export function shortName(name: string): string {
  return name.replace(/\.[^./]*$/, '').replaceAll('/', '-');
}

async function loadLocal(
  dataset: DatasetSpec,
  name: string,
  context: LoadContext,
  signal?: AbortSignal,
): Promise<ReadCollection> {
  const files = await localFiles(dataset.source, name, context, signal);
  const understood = await understand(shortName(name), files);
  const split = dataset.split === 'test' ? understood.preview.split : dataset.split;
  const { collection, warnings } = await understood.load(split);
  return { collection: { ...collection, source: dataset.source }, warnings };
}
