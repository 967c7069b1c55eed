import type { Collection } from '../data/collection.ts';
import { type ExpectedCollection, expectedCollection } from '../data/hub/expect.ts';
import { type LoadContext, loadCollection } from '../data/load.ts';
import { sampleCollection } from '../data/sample.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import type { Pacing } from './pacing.ts';

export interface Estimate {
  readonly texts: number;
  readonly fullTexts: number;
  /** null when no pace is known. Embeddings that are stored already make a run shorter. */
  readonly seconds: number | null;
  readonly fullSeconds: number | null;
  readonly basis: string | null;
  /** Collections of the hub that a run fetches, in bytes; 0 without any, null where one's size is not known. */
  readonly download: number | null;
}

/**
 * What a spec will cost, and what it would cost with every query and document.
 * @param load gives a collection, or what is known of one that nothing is fetched of before a run
 */
export async function estimateCost(
  spec: Spec,
  pacing: Pacing | null,
  load: (dataset: DatasetSpec) => Promise<Collection | ExpectedCollection>,
): Promise<Estimate> {
  const sample = { texts: 0, characters: 0 };
  const full = { texts: 0, characters: 0 };
  let download: number | null = 0;
  for (const dataset of spec.datasets) {
    const whole = await load(dataset);
    if ('bytes' in whole) {
      const { queries, documents, bytes } = whole;
      download = download === null || bytes === null ? null : download + bytes;
      countExpected(whole, full);
      const taken = Math.min(dataset.queries ?? queries, queries);
      countExpected(
        { ...whole, queries: taken, documents: Math.min(dataset.documents ?? documents, documents) },
        sample,
      );
      continue;
    }
    count(whole, full);
    count(
      sampleCollection(whole, { queries: dataset.queries, documents: dataset.documents, seed: spec.seed }),
      sample,
    );
  }
  const secondsOf = ({ characters }: { readonly characters: number }): number | null =>
    pacing && pacing.startSeconds + pacing.secondsPerCharacter * characters;
  return {
    texts: sample.texts,
    fullTexts: full.texts,
    seconds: secondsOf(sample),
    fullSeconds: secondsOf(full),
    basis: pacing?.source ?? null,
    download,
  };
}

/** A collection to estimate from: what is known of one of the hub, of which nothing is fetched before a run. */
export async function collectionToEstimate(
  dataset: DatasetSpec,
  context: LoadContext,
  seed: number,
): Promise<Collection | ExpectedCollection> {
  return expectedCollection(dataset) ?? (await loadCollection(dataset, context, { seed })).collection;
}

function countExpected(
  { queries, documents, charactersPerText }: ExpectedCollection,
  into: { texts: number; characters: number },
): void {
  into.texts += queries + documents;
  into.characters += (queries + documents) * charactersPerText;
}

function count({ queries, corpus }: Collection, into: { texts: number; characters: number }): void {
  for (const { texts } of [queries, corpus]) {
    into.texts += texts.length;
    for (const text of texts) into.characters += text.length;
  }
}
