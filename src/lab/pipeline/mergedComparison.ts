import { cutLists, type RankedLists } from '../compare/ranked.ts';
import type { Collection } from '../data/collection.ts';
import type { SystemFile } from '../report/report.ts';
import type { Spec } from '../spec/spec.ts';
import type { NamedRerankPart } from './checkParts.ts';
import type { ComparisonSource } from './compare.ts';
import { joinedCounts } from './mergeCounts.ts';
import { distinctPairs, type PairScores } from './pairScores.ts';
import { joinedLists } from './queryRange.ts';

/** A comparison's lists and logits out of its parts. @param parts in order */
export function mergedComparison(
  parts: readonly NamedRerankPart[],
  { compare: { rerankDepth } }: Spec,
  collections: readonly Collection[],
): ComparisonSource {
  return {
    async lists(system, take) {
      for (const collection of collections) {
        const lists = parts.flatMap((part) => listsIn(part, collection.name, system) ?? []);
        if (lists.length > 0) await take(collection, joinedLists(lists));
      }
    },
    rerank: (work) => work((collection) => Promise.resolve(scoresOf(parts, rerankDepth, collection))),
  };
}

/** The model files that any part opened. */
export function filesOf(parts: readonly NamedRerankPart[]): SystemFile[] {
  const files = new Map<string, SystemFile>();
  for (const { environment } of parts) {
    for (const file of environment.files ?? []) files.set(`${file.source} ${file.sha256}`, file);
  }
  return [...files.values()];
}

function listsIn(
  { compared, lists }: NamedRerankPart,
  dataset: string,
  system: string,
): RankedLists | undefined {
  const at = compared.findIndex((one) => one.dataset === dataset);
  const systemAt = compared[at]?.systems.findIndex((one) => one.system === system) ?? -1;
  return systemAt < 0 ? undefined : lists[at]![systemAt];
}

function scoresOf(
  parts: readonly NamedRerankPart[],
  depth: number,
  { name, corpus }: Collection,
): PairScores {
  const own = parts.map(({ compared, lists, logits }) => {
    const at = compared.findIndex(({ dataset }) => dataset === name);
    const cut = lists[at]!.map((one) => cutLists(one, depth));
    const { placeOf } = distinctPairs(cut, corpus.ids.length);
    return { ...compared[at]!, placeOf, logits: logits[at]! };
  });
  const pairs = own.reduce((sum, one) => sum + one.pairs, 0);
  const seconds = own.reduce((sum, one) => sum + one.pairs * one.secondsPerPair, 0);
  return {
    scoreOf(query, document) {
      const { queries, placeOf, logits } = own.find((one) => query < one.queries[1])!;
      return logits[placeOf(query - queries[0], document)]!;
    },
    secondsPerPair: pairs > 0 ? seconds / pairs : 0,
    counts: joinedCounts(own.map(({ counts }) => counts)),
  };
}
