import { entryOf, type HubEntry, hubEntries } from '../data/hub/entries.ts';
import { parseHubName } from '../hub/name.ts';
import { splitSource } from '../hub/source.ts';
import type { Spec } from '../spec/spec.ts';
import { type PaperRow, reported } from './reported.ts';

/** The paper's two pairs, by the hub's names; names the same models also go by come after the first. */
export const paperModels = {
  minilm: {
    title: 'MiniLM',
    ce: [
      'cross-encoder/ms-marco-MiniLM-L-12-v2',
      'cross-encoder/ms-marco-MiniLM-L12-v2',
      'Xenova/ms-marco-MiniLM-L-12-v2',
    ],
    de: ['sentence-transformers/msmarco-MiniLM-L-12-v3'],
  },
  mxbai: {
    title: 'mxbai',
    ce: ['mixedbread-ai/mxbai-rerank-large-v1'],
    de: ['mixedbread-ai/mxbai-embed-large-v1'],
  },
} as const;
export type PaperPair = keyof typeof paperModels;

function repositoryOf(source: string): string | null {
  const { scheme, name } = splitSource(source);
  return scheme === 'hub' ? parseHubName(name).repository : null;
}

/** Which of the paper's pairs a spec runs; null when it is another. */
export function paperPairOf({ ce, de }: Spec['models']): PaperPair | null {
  const isOneOf = (source: string, names: readonly string[]): boolean =>
    names.includes(repositoryOf(source) ?? '');
  const pairs = Object.keys(paperModels) as PaperPair[];
  return (
    pairs.find(
      (pair) => isOneOf(ce.source, paperModels[pair].ce) && isOneOf(de.source, paperModels[pair].de),
    ) ?? null
  );
}

/**
 * The paper's collection that a source is: one of the twelve by its repository on the hub, or a dropped or local
 * folder by an entry's name.
 * @param name what reports call it
 */
export function paperEntryOf({
  name,
  source,
}: {
  readonly name: string;
  readonly source: string;
}): HubEntry | null {
  const repository = repositoryOf(source);
  if (repository !== null) return entryOf(repository) ?? null;
  const own = source.startsWith('folder:') || source.startsWith('local:');
  return (own ? hubEntries.find((entry) => entry.name === name) : undefined) ?? null;
}

/** The row of Table 1 of a collection. */
export function paperRowOf(collection: { readonly name: string; readonly source: string }): PaperRow | null {
  const entry = paperEntryOf(collection);
  return (entry && reported.table1.find(({ dataset }) => dataset === entry.id)) ?? null;
}
