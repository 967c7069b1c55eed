import { parseArgs } from 'node:util';
import { UserError } from '../src/base/userError.ts';
import { bundledCollections, bundledModels } from '../src/lab/spec/defaults.ts';
import { parseSpec } from '../src/lab/spec/parse.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import type { InspectedTexts } from './headlessLab.ts';
import { labFlags, type labOptions } from './inLab.ts';

interface InspectOptions {
  readonly spec: Spec;
  readonly texts: InspectedTexts;
  /** What runs the lab, as it was typed. */
  readonly flags: Parameters<typeof labOptions>[0];
}

/** Reads `inspect --ce SOURCE --de SOURCE --query TEXT --document TEXT [--layer K]`. @throws UserError */
export function inspectOptions(argv: readonly string[]): InspectOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...labFlags,
      ce: { type: 'string', default: bundledModels.ce },
      de: { type: 'string', default: bundledModels.de },
      query: { type: 'string' },
      document: { type: 'string' },
      layer: { type: 'string' },
    },
  });
  const { ce, de, query, document, layer, ...flags } = values;
  if (query === undefined || document === undefined) {
    throw new UserError('inspect needs two texts, --query TEXT and --document TEXT.');
  }
  if (layer !== undefined && !/^\d+$/.test(layer)) {
    throw new UserError(`--layer takes a whole number from 0, not "${layer}".`);
  }
  return {
    // No collection is read, but a spec has one.
    spec: parseSpec({
      models: { ce: { source: ce }, de: { source: de } },
      datasets: [{ source: bundledCollections[0] }],
    }),
    texts: { query, document, layer: layer === undefined ? null : Number(layer) },
    flags,
  };
}
