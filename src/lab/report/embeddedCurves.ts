import { z } from 'zod';
import { packedNumber, packText, unpackText } from '../formats/packedText.ts';
import { panelsOf } from './curves.ts';
import type { LayerwiseRow } from './report.ts';

/** Curves of one metric that travel in an address: a frame on another site has no file that a visitor opened. */
export interface EmbeddedCurves {
  readonly metric: string;
  readonly rows: readonly LayerwiseRow[];
  readonly titles: ReadonlyMap<string, string>;
}

const points = z.array(z.tuple([z.int().min(0), z.number()])).max(500);
const schema = z.strictObject({
  m: z.string().min(1).max(40),
  c: z
    .array(
      z.strictObject({
        n: z.string().max(300),
        t: z.string().max(300),
        q: z.int().min(0),
        d: z.int().min(0),
        ce: points,
        de: points,
      }),
    )
    .min(1)
    .max(200),
});

/** The curves of a metric as letters of an address. Intervals stay behind. */
export function writeEmbeddedCurves({ metric, rows, titles }: EmbeddedCurves): string {
  const collections = panelsOf(rows, metric).map(({ dataset, queries, documents, curves }) => {
    const of = (kind: 'ce' | 'de') =>
      curves
        .find(({ model }) => model === kind)
        ?.points.map(({ layer, value }) => [layer, packedNumber(value)] as const) ?? [];
    const name = dataset ?? '';
    return { n: name, t: titles.get(name) ?? name, q: queries, d: documents, ce: of('ce'), de: of('de') };
  });
  return packText({ m: metric, c: collections });
}

/** @throws UserError when the address is cut or changed */
export function readEmbeddedCurves(text: string): EmbeddedCurves {
  const { m: metric, c: collections } = unpackText(text, schema);
  return {
    metric,
    rows: collections.flatMap(({ n: dataset, q: queries, d: documents, ce, de }) =>
      (
        [
          ['ce', ce],
          ['de', de],
        ] as const
      ).flatMap(([model, values]) =>
        values.map(([layer, value]) => ({
          dataset,
          model,
          layer,
          queries,
          documents,
          metrics: { [metric]: value },
          intervals: {},
        })),
      ),
    ),
    titles: new Map(collections.map(({ n, t }) => [n, t])),
  };
}
