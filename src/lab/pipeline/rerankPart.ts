import { z } from 'zod';
import type { RankedLists } from '../compare/ranked.ts';
import { placedCountSchema } from '../data/dataReport.ts';
import { packLists } from './packedLists.ts';
import { partOfRun } from './part.ts';
import { readSealed, type SealedFormat, writeSealed } from './sealed.ts';

const headerSchema = z.object({
  ...partOfRun,
  compared: z.array(
    z.object({
      dataset: z.string(),
      /** Rows of the collection's queries that were compared, [from, to). */
      queries: z.tuple([z.int().min(0), z.int().min(0)]),
      systems: z.array(
        z.object({
          system: z.string(),
          k: z.int().min(0),
          /** See `RankedLists`. */
          unknown: z.array(z.string()),
        }),
      ),
      /** Pairs that the CE scored; none where nothing is reranked. */
      pairs: z.int().min(0),
      secondsPerPair: z.number().min(0),
      /** What was odd about pairs. */
      counts: z.array(placedCountSchema),
    }),
  ),
});

export type RerankHeader = z.infer<typeof headerSchema>;
export type RerankCompared = RerankHeader['compared'][number];

export const rerankFormat: SealedFormat<RerankHeader> = {
  format: 'layerlab rerank part',
  version: 1,
  schema: headerSchema,
};

/** What one shard of a comparison found for its queries. */
export interface RerankPart extends RerankHeader {
  /** By entry of `compared`, then by system. */
  readonly lists: readonly (readonly RankedLists[])[];
  /** By entry of `compared`: a logit a pair, in the order of `distinctPairs`. */
  readonly logits: readonly Float32Array<ArrayBuffer>[];
}

/** A line of JSON, then of each collection the lists (documents int32, scores float32) and the logits (float32). */
export function writeRerankPart({ lists, logits, ...header }: RerankPart): Uint8Array<ArrayBuffer> {
  const pieces = header.compared.flatMap((_, at) => [packLists(lists[at]!), logits[at]!]);
  return writeSealed(rerankFormat, header, pieces);
}

/** @throws UserError for a file that is none, is of another version, or is damaged */
export function readRerankPart(file: Uint8Array, name: string): RerankPart {
  const { header, body } = readSealed(rerankFormat, file, name, ({ compared }) =>
    compared.reduce((sum, { queries: [from, to], systems, pairs }) => {
      const entries = systems.reduce((all, { k }) => all + (to - from) * k, 0);
      return sum + 8 * entries + 4 * pairs;
    }, 0),
  );
  let at = 0;
  const take = (count: number): ArrayBuffer => {
    at += 4 * count;
    return body.slice(at - 4 * count, at);
  };
  const lists: RankedLists[][] = [];
  const logits: Float32Array<ArrayBuffer>[] = [];
  for (const { queries, systems, pairs } of header.compared) {
    const count = queries[1] - queries[0];
    lists.push(
      systems.map(({ k, unknown }) => ({
        k,
        documents: new Int32Array(take(count * k)),
        scores: new Float32Array(take(count * k)),
        unknown,
      })),
    );
    logits.push(new Float32Array(take(pairs)));
  }
  return { ...header, lists, logits };
}
