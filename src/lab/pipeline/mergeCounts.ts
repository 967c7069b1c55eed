import type { EmbeddedCounts, PlacedCount } from '../data/dataReport.ts';

/** What a part counted: all of its texts, and of them the queries, which every part embeds. */
interface PartCounts {
  readonly counts: EmbeddedCounts;
  readonly queryCounts: EmbeddedCounts;
}

const mostPlaces = 3;

/** What one run counts whose documents the parts share out, in their order. */
export function mergeCounts(parts: readonly [PartCounts, ...PartCounts[]]): EmbeddedCounts {
  const [{ queryCounts }] = parts;
  const { truncated } = queryCounts;
  const sum = (count: (counts: EmbeddedCounts) => number): number =>
    parts.reduce((total, part) => total + count(part.counts) - count(part.queryCounts), count(queryCounts));
  return {
    ...queryCounts,
    texts: sum(({ texts }) => texts),
    truncated: {
      texts: sum((counts) => counts.truncated.texts),
      tokensRead: sum((counts) => counts.truncated.tokensRead),
      tokens: sum((counts) => counts.truncated.tokens),
      // Queries stand first in every part.
      places: [
        ...truncated.places,
        ...parts.flatMap(({ counts }) => counts.truncated.places.slice(truncated.places.length)),
      ].slice(0, mostPlaces),
    },
    counts: [...queryCounts.counts, ...mergeReasons(parts)],
  };
}

/** Counts of documents; a reason tells whether it is one of queries. */
function mergeReasons(parts: readonly PartCounts[]): PlacedCount[] {
  return joinedCounts(
    parts.map(({ counts, queryCounts }) => {
      const ofQueries = new Set(queryCounts.counts.map(({ reason }) => reason));
      return counts.counts.filter(({ reason }) => !ofQueries.has(reason));
    }),
  );
}

/** Counts of several parts, by reason. */
export function joinedCounts(parts: readonly (readonly PlacedCount[])[]): PlacedCount[] {
  const merged = new Map<string, PlacedCount>();
  for (const { reason, count, places } of parts.flat()) {
    const known = merged.get(reason);
    merged.set(reason, {
      reason,
      count: count + (known?.count ?? 0),
      places: [...(known?.places ?? []), ...places].slice(0, mostPlaces),
    });
  }
  return [...merged.values()];
}
