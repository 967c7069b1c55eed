import { parseSpec } from './parse.ts';
import type { Spec } from './spec.ts';

export const bundledModels = { ce: 'bundled:mini-ce', de: 'bundled:mini-de' } as const;

export const bundledCollections = [
  'bundled:debian-packages',
  'bundled:foldoc',
  'bundled:wordnet-definitions',
  'bundled:wordnet-examples',
] as const;

/** The bundled pair on the bundled collections; null takes all queries or documents. */
export function defaultSpec(queries: number | null = null, documents: number | null = null): Spec {
  return parseSpec({
    models: { ce: { source: bundledModels.ce }, de: { source: bundledModels.de } },
    datasets: bundledCollections.map((source) => ({ source, queries, documents })),
  });
}
