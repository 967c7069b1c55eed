import { bytes } from '../../base/units.ts';
import type { StoredSummary } from './storedSummary.ts';

/** What is kept, in words; empty for nothing. */
export function keptInWords({ bytes: size, runs, unfinished, downloads }: StoredSummary): string[] {
  const downloaded = downloads.reduce((sum, one) => sum + one.bytes, 0);
  return [
    ...(size > 0 ? [`embeddings (${bytes(size)})`] : []),
    ...(downloads.length > 0 ? [`downloads of the hub (${bytes(downloaded)})`] : []),
    ...(runs.length > 0
      ? [runs.length === 1 ? 'a stopped training run' : `${runs.length} stopped training runs`]
      : []),
    ...(unfinished.length > 0 ? ['runs to go on with'] : []),
  ];
}
