import type { Collection } from '../data/collection.ts';
import { sampleCollection } from '../data/sample.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import type { Work } from './pace.ts';

/** How fast both models went somewhere. */
export interface Pacing {
  readonly ce: Pick<Work, 'seconds' | 'characters'>;
  readonly de: Pick<Work, 'seconds' | 'characters'>;
  /** Where that was, to be read behind "at the pace of". */
  readonly source: string;
}

export interface Estimate {
  readonly texts: number;
  readonly fullTexts: number;
  /** null when no pace is known. Embeddings that are stored already make a run shorter. */
  readonly seconds: number | null;
  readonly fullSeconds: number | null;
  readonly basis: string | null;
}

/** What a spec will cost, and what it would cost with every query and document. */
export async function estimateCost(
  spec: Spec,
  pacing: Pacing | null,
  load: (dataset: DatasetSpec) => Promise<Collection>,
): Promise<Estimate> {
  const sample = { texts: 0, characters: 0 };
  const full = { texts: 0, characters: 0 };
  for (const dataset of spec.datasets) {
    const whole = await load(dataset);
    count(whole, full);
    count(
      sampleCollection(whole, { queries: dataset.queries, documents: dataset.documents, seed: spec.seed }),
      sample,
    );
  }
  const perCharacter =
    pacing && pacing.ce.characters > 0 && pacing.de.characters > 0
      ? pacing.ce.seconds / pacing.ce.characters + pacing.de.seconds / pacing.de.characters
      : null;
  return {
    texts: sample.texts,
    fullTexts: full.texts,
    seconds: perCharacter === null ? null : perCharacter * sample.characters,
    fullSeconds: perCharacter === null ? null : perCharacter * full.characters,
    basis: pacing?.source ?? null,
  };
}

function count({ queries, corpus }: Collection, into: { texts: number; characters: number }): void {
  for (const { texts } of [queries, corpus]) {
    into.texts += texts.length;
    for (const text of texts) into.characters += text.length;
  }
}
