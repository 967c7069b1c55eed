import { UserError } from '../../src/base/userError.ts';
import type { ComparisonDetails, QueryDifference, SeenQuery } from '../../src/lab/compare/details.ts';
import { zipBlob } from '../../src/lab/training/zip.ts';
import type { LabState } from './labState.ts';

/** Looking behind the figures of the last comparison. */
export interface ComparisonCalls {
  /** Queries that two systems answer differently, the largest differences first. */
  differences(...args: Parameters<ComparisonDetails['differences']>): readonly QueryDifference[];
  /** One query with all lists; null when nothing was compared yet. */
  seenQuery(dataset: string, query: number): SeenQuery | null;
  /** Ranked lists as TREC files, and the qrels, as a .zip. */
  zipRuns(): Promise<Blob>;
}

export function comparisonCalls(state: LabState): ComparisonCalls {
  return {
    differences: (...args) => state.comparison?.differences(...args) ?? [],
    seenQuery: (dataset, query) => state.comparison?.query(dataset, query) ?? null,
    async zipRuns() {
      if (!state.comparison) throw new UserError('No comparison was run here yet; press Compare.');
      const encoder = new TextEncoder();
      const files = state.comparison.files();
      return await zipBlob(
        'comparison',
        files.map(({ path, text }) => ({ path, bytes: encoder.encode(text) })),
      );
    },
  };
}
