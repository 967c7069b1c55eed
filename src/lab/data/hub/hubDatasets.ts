import { parseHubName } from '../../hub/name.ts';
import { splitSource } from '../../hub/source.ts';
import { sharedSample, withCollection } from '../../spec/editDatasets.ts';
import type { DatasetSpec, PairColumnsSpec, Spec } from '../../spec/spec.ts';
import type { HubEntry } from './entries.ts';
import { nanoBeir, nanoBeirRepository, nanoCollectionOf } from './nanoBeir.ts';
import type { HubPreview } from './preview.ts';

function repositoryOf(source: string): string | null {
  const { scheme, name } = splitSource(source);
  return scheme === 'hub' ? parseHubName(name).repository : null;
}

/** The collection of a spec that is one of the paper's, at whichever revision. */
export function datasetOf({ datasets }: Spec, { repository }: HubEntry): DatasetSpec | undefined {
  return datasets.find(({ source }) => repository !== null && repositoryOf(source) === repository);
}

/** Collections of a spec that come from the hub and are none of the paper's or of NanoBEIR. */
export function otherHubDatasets(spec: Spec, entries: readonly HubEntry[]): DatasetSpec[] {
  const nano: readonly DatasetSpec[] = nanoDatasetsOf(spec);
  return spec.datasets.filter((dataset) => {
    const repository = repositoryOf(dataset.source);
    return (
      repository !== null &&
      !nano.includes(dataset) &&
      entries.every((entry) => entry.repository !== repository)
    );
  });
}

/** The collections of NanoBEIR in a spec. */
export function nanoDatasetsOf({ datasets }: Spec): Spec['datasets'] {
  return datasets.filter(
    ({ source, split }) => nanoCollectionOf(repositoryOf(source) ?? '', split) !== undefined,
  );
}

/** Takes the thirteen collections of NanoBEIR into a spec, or out of it; a spec keeps at least one collection. */
export function withNanoBeir(spec: Spec, taken: boolean): Spec {
  const nano = nanoDatasetsOf(spec);
  const others = spec.datasets.filter((dataset) => !nano.includes(dataset));
  if (!taken) return others.length > 0 ? { ...spec, datasets: others } : spec;
  const queries = sharedSample(spec.datasets, 'queries') ?? null;
  const documents = sharedSample(spec.datasets, 'documents') ?? null;
  const source = `hub:${nanoBeirRepository}`;
  return {
    ...spec,
    datasets: [
      ...others,
      ...nanoBeir.map(({ name }) => ({
        source,
        split: name,
        queries,
        documents,
        excludeSelf: 'auto' as const,
      })),
    ],
  };
}

/** Takes one of the paper's collections into a spec, or out of it. */
export function withEntry(spec: Spec, entry: HubEntry, taken: boolean): Spec {
  const source = datasetOf(spec, entry)?.source ?? `hub:${entry.repository}`;
  return withCollection(spec, source, taken, entry.split);
}

/** Takes a data set that was looked into, with the sample of the others. */
export function withHubDataset(spec: Spec, preview: HubPreview, columns: PairColumnsSpec | null): Spec {
  const repository = repositoryOf(preview.source);
  const others = spec.datasets.filter(({ source }) => repositoryOf(source) !== repository);
  const dataset: Spec['datasets'][number] = {
    source: preview.source,
    split: preview.split,
    queries: sharedSample(spec.datasets, 'queries') ?? null,
    documents: sharedSample(spec.datasets, 'documents') ?? null,
    excludeSelf: 'auto',
    ...(columns ? { columns } : {}),
  };
  return { ...spec, datasets: [...others, dataset] };
}
