import { z } from 'zod';
import { selfRules } from '../spec/spec.ts';

/** Things of one kind that were counted, and where the first three of them stand. */
export const placedCountSchema = z.object({
  /** Before the count, as "documents without a text, left out". */
  reason: z.string(),
  count: z.int().min(1),
  /** As a reader finds them: "corpus.jsonl, line 71", or an id. */
  places: z.array(z.string()).max(3),
});
export type PlacedCount = z.infer<typeof placedCountSchema>;

/** What reading a collection's files came to. */
export const readCountsSchema = z.object({
  /** Rows of the files, those left out included; a collection of pairs has only pairs. */
  rows: z.object({
    documents: z.int().min(0),
    queries: z.int().min(0),
    judgements: z.int().min(0),
    pairs: z.int().min(0),
  }),
  leftOut: z.array(placedCountSchema),
  /** Rows that repeat one before. */
  merged: z.array(placedCountSchema),
  /** Queries without a relevant document, which are not measured. */
  unjudged: z.array(placedCountSchema),
});
export type ReadCounts = z.infer<typeof readCountsSchema>;

/** What one model made of a collection's queries and documents; texts are counted row by row. */
export const embeddedCountsSchema = z.object({
  /** `ce`, `de`, or a system of the comparison. */
  model: z.string(),
  texts: z.int().min(0),
  /** Texts longer than the model reads: how many of their tokens it read. */
  truncated: z.object({
    texts: z.int().min(0),
    tokensRead: z.int().min(0),
    tokens: z.int().min(0),
    places: z.array(z.string()).max(3),
  }),
  /** Texts of which the tokeniser knows no token, and texts whose vector or logit is not finite. */
  counts: z.array(placedCountSchema),
  /** How tokens were weighted in the mean, in a sentence; none where they counted alike. */
  weights: z.string().optional(),
});
export type EmbeddedCounts = z.infer<typeof embeddedCountsSchema>;

/** What was done to a collection, from its files to the figures. */
export const dataReportSchema = readCountsSchema.extend({
  selfPairs: z.object({
    setting: z.enum(selfRules),
    /** Queries whose own document, of the same id, is left out of their lists. */
    excluded: z.int().min(0),
    sentence: z.string(),
  }),
  /** What else a reader of its files should know. */
  sentences: z.array(z.string()).default([]),
  embedded: z.array(embeddedCountsSchema),
  /** By system of the comparison: what was odd about its lists, or how it read the texts. */
  searched: z.array(
    z.object({ system: z.string(), counts: z.array(placedCountSchema), sentences: z.array(z.string()) }),
  ),
});
export type DataReport = z.infer<typeof dataReportSchema>;

const mostPlaces = 3;

/** Counts by reason, in the order in which reasons first came up. */
export class PlacedCounts {
  readonly #counts = new Map<string, { count: number; places: string[] }>();

  add(reason: string, place: string): void {
    const known = this.#counts.get(reason) ?? { count: 0, places: [] };
    this.#counts.set(reason, known);
    known.count++;
    if (known.places.length < mostPlaces) known.places.push(place);
  }

  copy(): PlacedCounts {
    const copy = new PlacedCounts();
    for (const [reason, { count, places }] of this.#counts) {
      copy.#counts.set(reason, { count, places: [...places] });
    }
    return copy;
  }

  list(): PlacedCount[] {
    return [...this.#counts].map(([reason, { count, places }]) => ({ reason, count, places: [...places] }));
  }
}

/** A count as a sentence: "Documents without a text, left out: 4 (corpus.jsonl, line 2; …)." */
export function sentenceOfCount({ reason, count, places }: PlacedCount): string {
  const more = count > places.length ? '; …' : '';
  const where = places.length > 0 ? ` (${places.join('; ')}${more})` : '';
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}: ${count.toLocaleString('en')}${where}.`;
}

export const nothingRead: ReadCounts = {
  rows: { documents: 0, queries: 0, judgements: 0, pairs: 0 },
  leftOut: [],
  merged: [],
  unjudged: [],
};
