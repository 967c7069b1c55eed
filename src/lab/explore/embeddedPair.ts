import { z } from 'zod';
import { packText, unpackText } from '../formats/packedText.ts';
import type { ModelKind } from '../models/types.ts';
import type { InspectedPair, LayerSimilarity } from './inspectPair.ts';
import { maxSim } from './maxSim.ts';
import type { SeenAttention, SeenPair, SeenReading } from './seenPair.ts';
import { attentionGrids, transposed } from './tokenGrid.ts';
import { sides, type WordEffects } from './wordEffects.ts';

/** The figures of a pair that can stand alone. */
export const pairPictures = ['curves', 'words', 'tokens', 'attention'] as const;
export type PairPicture = (typeof pairPictures)[number];

/** A pair's figures that travel in an address: a frame on another site has not the models that read it. */
export interface EmbeddedPair {
  readonly seen: SeenPair;
  /** null while words are still being left out. */
  readonly effects: WordEffects | null;
  /** What of it is drawn; other layers and heads stay behind. */
  readonly layer: number;
  readonly head: number | null;
  readonly joined: boolean;
}

/** Cosines and shares of attention are packed as whole numbers. */
const scale = 1e5;
const mostText = 20_000;

const text = z.string().max(mostText);
const texts = z.array(text).max(2000);
const layer = z.int().min(0).max(1000);
const matrix = z.array(z.int()).max(100_000);
const curve = z.array(z.tuple([layer, z.number(), z.number()])).max(1000);
const tokens = z.strictObject({ q: texts, d: texts, v: matrix }).nullable();
const across = z.strictObject({
  q: texts,
  d: texts,
  logit: z.number().nullable(),
  words: text.nullable(),
  labels: z.array(z.tuple([text, z.number()])).max(1000),
  heads: z.int().min(0).max(200),
  why: text.nullable(),
  flows: z.array(z.tuple([layer, z.array(z.tuple([z.int().min(0), z.number(), z.number()]))])).max(1000),
  to: matrix.nullable(),
  back: matrix.nullable(),
});
const effects = z.strictObject({
  side: z.enum(sides),
  left: z.int().min(0),
  of: z.array(z.tuple([text, z.number().nullable(), z.array(z.number()), z.array(z.number())])).max(1000),
});
const schema = z
  .strictObject({
    q: text,
    d: text,
    models: z.strictObject({ ce: text, de: text }),
    notes: texts,
    layer,
    head: z.int().min(0).nullable(),
    joined: z.boolean(),
    curves: z.strictObject({ ce: curve, de: curve }),
    tokens: z.strictObject({ ce: tokens, de: tokens }).optional(),
    across: across.optional(),
    effects: effects.optional(),
  })
  .refine(({ tokens: of, across: read }) =>
    [of?.ce, of?.de, ...[read?.to, read?.back].map((v) => (v ? { q: read!.q, d: read!.d, v } : null))].every(
      (one) => !one || one.v.length === one.q.length * one.d.length,
    ),
  );
type Packed = z.infer<typeof schema>;

const toWhole = (values: Float32Array): number[] => Array.from(values, (value) => Math.round(value * scale));
const toShares = (values: readonly number[]): Float32Array<ArrayBuffer> =>
  Float32Array.from(values, (value) => value / scale);

/** What a picture draws, as letters of an address. @param picture null for all of them */
export function writeEmbeddedPair(pair: EmbeddedPair, picture: PairPicture | null): string {
  const { seen, layer: shown, head, joined } = pair;
  const draws = (one: PairPicture): boolean => picture === null || picture === one;
  const tokensOf = (kind: ModelKind) => {
    const found = seen.apart[kind].layers.find((one) => one.layer === shown);
    const { query, document } = seen.apart[kind];
    return found
      ? { q: [...query.tokens], d: [...document.tokens], v: toWhole(found.similarity.values) }
      : null;
  };
  const curveOf = (kind: ModelKind) =>
    seen.apart[kind].layers.map((one): [number, number, number] => [one.layer, one.cosine, one.maxSim.score]);
  const packed: Packed = {
    q: seen.texts.query.slice(0, mostText),
    d: seen.texts.document.slice(0, mostText),
    models: { ...seen.models },
    notes: [...seen.notes],
    layer: shown,
    head,
    joined,
    curves: { ce: curveOf('ce'), de: curveOf('de') },
    ...(draws('tokens') ? { tokens: { ce: tokensOf('ce'), de: tokensOf('de') } } : {}),
    ...(draws('attention') ? { across: packedReading(pair) } : {}),
    ...(draws('words') && pair.effects ? { effects: packedEffects(pair.effects) } : {}),
  };
  return packText(packed);
}

function packedReading({ seen, layer: shown, head }: EmbeddedPair): NonNullable<Packed['across']> {
  const { query, document, logit, logitWords, logits, attention } = seen.across;
  const given = 'why' in attention ? null : attention;
  const found = given?.layers.find((one) => one.layer === shown);
  const grids = given && found ? attentionGrids(seen.across, given, found, head, false) : null;
  return {
    q: [...query.tokens],
    d: [...document.tokens],
    logit,
    words: logitWords,
    labels: logits.map(({ label, value }) => [label, value]),
    heads: given?.heads ?? 0,
    why: 'why' in attention ? attention.why : null,
    flows: (given?.layers ?? []).map(({ layer: of, flows }) => [
      of,
      flows.map((flow) => [flow.head, flow.queryToDocument, flow.documentToQuery]),
    ]),
    to: grids ? toWhole(grids.toDocument.values) : null,
    back: grids ? toWhole(grids.toQuery.values) : null,
  };
}

function packedEffects({ side, left, effects: of }: WordEffects): NonNullable<Packed['effects']> {
  return {
    side,
    left,
    of: of.map(({ word, logit, cosines }) => [word, logit, [...cosines.ce], [...cosines.de]]),
  };
}

/** @throws UserError when the address is cut or changed */
export function readEmbeddedPair(letters: string): EmbeddedPair {
  const packed = unpackText(letters, schema);
  const { layer: shown, head, joined, models, notes } = packed;
  const apart = { ce: readApart(packed, 'ce'), de: readApart(packed, 'de') };
  return {
    layer: shown,
    head,
    joined,
    seen: {
      texts: { query: packed.q, document: packed.d },
      models,
      apart,
      across: readAcross(packed),
      notes,
      milliseconds: 0,
    },
    effects: packed.effects ? readEffects(packed.effects) : null,
  };
}

const textOf = (own: readonly string[]): InspectedPair['query'] => ({
  tokens: own,
  whole: own.length,
  known: own.length,
});

function readApart({ curves, tokens: all, layer: shown }: Packed, kind: ModelKind): InspectedPair {
  const given = all?.[kind] ?? null;
  const layers = curves[kind].map(([of, cosine, score]): LayerSimilarity => {
    const here = of === shown ? given : null;
    const similarity = {
      rows: here?.q.length ?? 0,
      columns: here?.d.length ?? 0,
      values: toShares(here?.v ?? []),
    };
    return { layer: of, cosine, similarity, maxSim: { ...maxSim(similarity), score } };
  });
  return { query: textOf(given?.q ?? []), document: textOf(given?.d ?? []), layers };
}

function readAcross({ across: read, layer: shown }: Packed): SeenReading {
  return {
    query: textOf(read?.q ?? []),
    document: textOf(read?.d ?? []),
    logit: read?.logit ?? null,
    logitWords: read?.words ?? null,
    logits: (read?.labels ?? []).map(([label, value]) => ({ label, value })),
    attention: read?.why ? { why: read.why } : readAttention(read, shown),
  };
}

function readAttention(read: Packed['across'], shown: number): SeenAttention {
  const heads = read?.heads ?? 0;
  // One matrix came, of a head or the mean: it stands for every head, so that either is drawn from it.
  const everyHead = (values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
    const all = new Float32Array(heads * values.length);
    for (let head = 0; head < heads; head++) all.set(values, head * values.length);
    return all;
  };
  const [rows, columns] = [read?.q.length ?? 0, read?.d.length ?? 0];
  return {
    heads,
    layers: (read?.flows ?? []).map(([of, flows]) => ({
      layer: of,
      flows: flows.map(([head, queryToDocument, documentToQuery]) => ({
        head,
        queryToDocument,
        documentToQuery,
      })),
      toDocument: everyHead(toShares((of === shown && read?.to) || [])),
      toQuery: everyHead(
        of === shown && read?.back ? transposed(toShares(read.back), rows, columns) : new Float32Array(0),
      ),
    })),
  };
}

function readEffects({ side, left, of }: NonNullable<Packed['effects']>): WordEffects {
  return {
    side,
    left,
    effects: of.map(([word, logit, ce, de]) => ({ word, at: 0, logit, cosines: { ce, de } })),
  };
}
