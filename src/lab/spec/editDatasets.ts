import type { DatasetSpec, SelfRule, Spec } from './spec.ts';

/** The sample that all collections of a spec share; undefined where they differ. */
export function sharedSample(
  datasets: readonly DatasetSpec[],
  part: 'queries' | 'documents',
): number | null | undefined {
  const [first] = datasets;
  if (!first) return undefined;
  return datasets.every((dataset) => dataset[part] === first[part]) ? first[part] : undefined;
}

export function withSample(spec: Spec, part: 'queries' | 'documents', size: number | null): Spec {
  return { ...spec, datasets: spec.datasets.map((dataset) => ({ ...dataset, [part]: size })) };
}

/** Adds collections with the sample of the others, or takes them away. */
export function withCollections(spec: Spec, sources: readonly string[], taken: boolean): Spec {
  return sources.reduce((was, source) => withCollection(was, source, taken), spec);
}

/** Whether queries find the documents of their own ids, in every collection. */
export function withSelfRule(spec: Spec, excludeSelf: SelfRule): Spec {
  return { ...spec, datasets: spec.datasets.map((dataset) => ({ ...dataset, excludeSelf })) };
}

/** The same experiment over every query and document. */
export function inFull(spec: Spec): Spec {
  return withSample(withSample(spec, 'queries', null), 'documents', null);
}

export function isFull(spec: Spec): boolean {
  return spec.datasets.every(({ queries, documents }) => queries === null && documents === null);
}

/** Adds a collection with the sample of the others, or takes it away; the last one stays. */
export function withCollection(spec: Spec, source: string, taken: boolean, split = 'test'): Spec {
  const others = spec.datasets.filter((dataset) => dataset.source !== source);
  if (!taken) return others.length > 0 ? { ...spec, datasets: others } : spec;
  const had = spec.datasets.find((dataset) => dataset.source === source);
  if (had) {
    return {
      ...spec,
      datasets: spec.datasets.map((dataset) => (dataset === had ? { ...had, split } : dataset)),
    };
  }
  const queries = sharedSample(spec.datasets, 'queries') ?? null;
  const documents = sharedSample(spec.datasets, 'documents') ?? null;
  return {
    ...spec,
    datasets: [...spec.datasets, { source, split, queries, documents, excludeSelf: 'auto' }],
  };
}
