import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
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

/** Characters of an address that are read; figures of 200 collections take fewer. */
const mostCharacters = 200_000;

const short = (value: number): number => Number(value.toFixed(4));

/** The curves of a metric as letters of an address: JSON, deflated, in base64 for addresses. Intervals stay behind. */
export function writeEmbeddedCurves({ metric, rows, titles }: EmbeddedCurves): string {
  const collections = panelsOf(rows, metric).map(({ dataset, queries, documents, curves }) => {
    const of = (kind: 'ce' | 'de') =>
      curves
        .find(({ model }) => model === kind)
        ?.points.map(({ layer, value }) => [layer, short(value)] as const) ?? [];
    const name = dataset ?? '';
    return { n: name, t: titles.get(name) ?? name, q: queries, d: documents, ce: of('ce'), de: of('de') };
  });
  const bytes = deflateSync(strToU8(JSON.stringify({ m: metric, c: collections })), { level: 9 });
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @throws UserError when the address is cut or changed */
export function readEmbeddedCurves(text: string): EmbeddedCurves {
  const { m: metric, c: collections } = parse(text);
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

function parse(text: string): z.infer<typeof schema> {
  try {
    if (text.length > mostCharacters) throw new RangeError('too long');
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return schema.parse(JSON.parse(strFromU8(inflateSync(bytes, { out: new Uint8Array(2_000_000) }))));
  } catch {
    throw new UserError('The address of this frame does not hold its figures whole; copy the snippet again.');
  }
}
