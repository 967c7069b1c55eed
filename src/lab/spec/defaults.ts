import { parseSpec } from './parse.ts';
import { ceSchema, deSchema, type Spec } from './spec.ts';

export const bundledModels = { ce: 'bundled:mini-ce', de: 'bundled:mini-de' } as const;

export const bundledCollections = [
  'bundled:debian-packages',
  'bundled:foldoc',
  'bundled:wordnet-definitions',
  'bundled:wordnet-examples',
] as const;

/** Bundled as well, but in no default run, and from no source of the bundled pair's training pairs. */
export const furtherCollections = [
  'bundled:jargon-file',
  'bundled:vera',
  'bundled:man-pages',
  'bundled:perl-faq',
  'bundled:lintian-tags',
  'bundled:emoji',
  'bundled:devils-dictionary',
  'bundled:gcide-quotations',
] as const;

/** The bundled pair on the bundled collections; null takes all queries or documents. */
export function defaultSpec(queries: number | null = null, documents: number | null = null): Spec {
  return parseSpec({
    models: { ce: { source: bundledModels.ce }, de: { source: bundledModels.de } },
    datasets: bundledCollections.map((source) => ({ source, queries, documents })),
  });
}

/** A model as a spec names it, with its defaults. */
export const ceModel = (source: string): Spec['models']['ce'] => ceSchema.parse({ source });
export const deModel = (source: string): Spec['models']['de'] => deSchema.parse({ source });
