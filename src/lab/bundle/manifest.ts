import { z } from 'zod';
import { sizes, stands } from '../paper/specs.ts';

/** What bundle.json says, which every other file of the bundle is checked against. */
export const manifestSchema = z.object({
  format: z.literal('layerlab-bundle'),
  version: z.literal(1),
  madeAt: z.string(),
  /** Which reproduction its runs are of. */
  choice: z.object({
    work: z.enum(['layers', 'systems']),
    pair: z.enum(['minilm', 'mxbai']),
    size: z.enum(sizes),
    stand: z.enum(stands),
  }),
  /** The runs in order; each has `reports/ID.json`, and its run and judgement files below `ID/`. */
  runs: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Every file but this one. */
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.int().min(0) })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestFile = 'bundle.json';

export function reportFile(id: string): string {
  return `reports/${id}.json`;
}

/** A run's file by its path below the run; those of TREC's formats are packed. */
export function runFile(id: string, path: string): string {
  return `${id}/${path}.gz`;
}
