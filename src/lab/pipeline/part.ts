import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import type { Ranking } from '../../search/searcher.ts';
import { embeddedCountsSchema } from '../data/dataReport.ts';
import { environmentSchema } from '../report/report.ts';
import { specSchema } from '../spec/spec.ts';
import { packLists, unpackLists } from './packedLists.ts';

const format = 'layerlab part';
const version = 1;

const headerSchema = z.object({
  format: z.literal(format),
  version: z.int(),
  shard: z.object({ index: z.int().min(0), count: z.int().min(1) }),
  spec: specSchema,
  /** Of the run that made it; its collections are whole. */
  environment: environmentSchema,
  found: z.array(
    z.object({
      dataset: z.string(),
      model: z.enum(['ce', 'de']),
      layers: z.array(z.int().min(0)),
      /** Rows of the collection that were searched, [from, to). */
      rows: z.tuple([z.int().min(0), z.int().min(0)]),
      queries: z.int().min(0),
      /** Entries of a list, -1 behind its end. */
      k: z.int().min(0),
      counts: embeddedCountsSchema,
      queryCounts: embeddedCountsSchema,
    }),
  ),
  /** SHA-256 of what follows. */
  sha256: z.string(),
});

export type PartHeader = z.infer<typeof headerSchema>;
export type PartFound = PartHeader['found'][number];

/** What one shard of a run found. */
export interface Part extends PartHeader {
  /** By entry of `found`, then by layer. */
  readonly rankings: readonly (readonly Ranking[])[];
}

type Unsealed = Omit<Part, 'format' | 'version' | 'sha256'>;

/** A part as a file: a line of JSON, then for each layer's lists the documents (int32) and the scores (float32). */
export function writePart({ rankings, ...header }: Unsealed): Uint8Array<ArrayBuffer> {
  const body = packLists(rankings.flat());
  const full: PartHeader = { format, version, ...header, sha256: bytesToHex(sha256(body)) };
  const line = new TextEncoder().encode(`${JSON.stringify(full)}\n`);
  const file = new Uint8Array(line.length + body.length);
  file.set(line);
  file.set(body, line.length);
  return file;
}

/** @throws UserError for a file that is none, is of another version, or is damaged */
export function readPart(file: Uint8Array, name: string): Part {
  const end = file.indexOf('\n'.charCodeAt(0));
  const header = headerOf(new TextDecoder().decode(file.subarray(0, Math.max(0, end))), name);
  const body = file.subarray(end + 1);
  const expected = header.found.reduce((sum, one) => sum + bytesOfLists(one), 0);
  if (body.length !== expected || bytesToHex(sha256(body)) !== header.sha256) {
    throw new UserError('is damaged; run this part again.', { file: name });
  }
  let at = 0;
  const rankings = header.found.map((one) => {
    const bytes = body.subarray(at, at + bytesOfLists(one));
    at += bytes.length;
    return unpackLists(bytes, one.layers.length);
  });
  return { ...header, rankings };
}

function headerOf(line: string, name: string): PartHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  const about = z.object({ format: z.literal(format), version: z.int() }).safeParse(value);
  if (!about.success) {
    throw new UserError('is no part; name files that `run --shard` wrote.', { file: name });
  }
  if (about.data.version !== version) {
    throw new UserError(
      `is a part of version ${about.data.version}, and this lab reads ${version}; run it again.`,
      { file: name },
    );
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) throw new UserError('is damaged; run this part again.', { file: name });
  return parsed.data;
}

function bytesOfLists({ layers, queries, k }: PartFound): number {
  return layers.length * queries * k * 8;
}
