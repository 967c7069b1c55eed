import { z } from 'zod';
import type { Ranking } from '../../search/searcher.ts';
import { embeddedCountsSchema } from '../data/dataReport.ts';
import { environmentSchema } from '../report/report.ts';
import { specSchema } from '../spec/spec.ts';
import { packLists, unpackLists } from './packedLists.ts';
import { readSealed, type SealedFormat, writeSealed } from './sealed.ts';

/** What the parts of a run say of themselves, whatever is in them. */
export const partOfRun = {
  shard: z.object({ index: z.int().min(0), count: z.int().min(1) }),
  spec: specSchema,
  /** Of the run that made it. */
  environment: environmentSchema,
};

const headerSchema = z.object({
  ...partOfRun,
  found: z.array(
    z.object({
      dataset: z.string(),
      model: z.enum(['ce', 'de']),
      layers: z.array(z.int().min(0)),
      /** Rows of the collection that were searched, [from, to); of a slice, its own. */
      rows: z.tuple([z.int().min(0), z.int().min(0)]),
      queries: z.int().min(0),
      /** Entries of a list, -1 behind its end. */
      k: z.int().min(0),
      counts: embeddedCountsSchema,
      queryCounts: embeddedCountsSchema,
    }),
  ),
  /** Collections of which the shard read its own documents alone, and so does not know their rows in the whole. */
  slices: z.array(
    z.object({
      dataset: z.string(),
      documents: z.int().min(0),
      /** See `documentsHash`. */
      sha256: z.string(),
      /** All that a judgement gives a relevant document; lists are theirs. */
      queries: z.object({ ids: z.array(z.string()), texts: z.array(z.string()) }),
    }),
  ),
});

export type PartHeader = z.infer<typeof headerSchema>;
export type PartFound = PartHeader['found'][number];
export type PartSlice = PartHeader['slices'][number];

const format: SealedFormat<PartHeader> = { format: 'layerlab part', version: 2, schema: headerSchema };

/** What one shard of a run found. */
export interface Part extends PartHeader {
  /** By entry of `found`, then by layer. */
  readonly rankings: readonly (readonly Ranking[])[];
}

/** A part as a file: a line of JSON, then for each layer's lists the documents (int32) and the scores (float32). */
export function writePart({ rankings, ...header }: Part): Uint8Array<ArrayBuffer> {
  return writeSealed(format, header, [packLists(rankings.flat())]);
}

/** @throws UserError for a file that is none, is of another version, or is damaged */
export function readPart(file: Uint8Array, name: string): Part {
  const bytesOf = ({ layers, queries, k }: PartFound): number => layers.length * queries * k * 8;
  const { header, body } = readSealed(format, file, name, ({ found }) =>
    found.reduce((sum, one) => sum + bytesOf(one), 0),
  );
  let at = 0;
  const rankings = header.found.map((one) => {
    const bytes = new Uint8Array(body, at, bytesOf(one));
    at += bytes.length;
    return unpackLists(bytes, one.layers.length);
  });
  return { ...header, rankings };
}
