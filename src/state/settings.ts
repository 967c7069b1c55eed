import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import { defaultSpec } from '../lab/spec/defaults.ts';
import { fromPermalink, toPermalink } from '../lab/spec/permalink.ts';
import type { DatasetSpec, SelfRule, Spec } from '../lab/spec/spec.ts';

/** What one click runs: a sample that two cores without a GPU finish in about 15 seconds. */
export const proposedSample = { queries: 50, documents: 200 } as const;

export function proposedSpec(): Spec {
  return defaultSpec(proposedSample.queries, proposedSample.documents);
}

interface SettingsState {
  readonly spec: Spec;
  /** Why the address's spec could not be read; null when it could. */
  readonly linkProblem: string | null;
  change(change: (spec: Spec) => Spec): void;
  reset(): void;
  /** Takes the spec of a link, or the proposal where it has none. */
  takeLink(link: string | null): void;
}

/** The spec that the next run takes. */
export const useSettings = create<SettingsState>((set) => ({
  spec: proposedSpec(),
  linkProblem: null,
  change: (change) => set(({ spec }) => ({ spec: change(spec), linkProblem: null })),
  reset: () => set({ spec: proposedSpec(), linkProblem: null }),
  takeLink(link) {
    if (link === null) {
      set({ spec: proposedSpec(), linkProblem: null });
      return;
    }
    try {
      set({ spec: fromPermalink(link), linkProblem: null });
    } catch (error) {
      set({ linkProblem: `The link's settings were not taken. ${sentenceOf(error)}` });
    }
  },
}));

/** A link's `spec`, or null for the proposal, whose address is plain. */
export function linkOf(spec: Spec): string | null {
  const link = toPermalink(spec);
  return link === toPermalink(proposedSpec()) ? null : link;
}

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

/** Sources of a spec that only this tab knows, so that a link with them is of no use elsewhere. */
export function droppedSources(spec: Spec): string[] {
  return [spec.models.ce, spec.models.de, ...spec.datasets]
    .map(({ source }) => source)
    .filter((source) => source.startsWith('folder:'));
}
