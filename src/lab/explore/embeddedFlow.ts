import { z } from 'zod';
import { packText, unpackText } from '../formats/packedText.ts';
import type { ModelKind } from '../models/types.ts';
import type { SeenAnswer } from './answer.ts';

/** What of an answer the picture of ranks draws. */
export type FlowFigures = Pick<SeenAnswer, 'flows' | 'documents'>;

/** Ranks of one search that travel in an address: a frame on another site has neither the texts nor the models. */
export interface EmbeddedFlow extends FlowFigures {
  readonly query: string;
  /** Documents that were searched, the worst rank there is. */
  readonly searched: number;
}

/** Characters of a document that name it in the picture. */
const nameLength = 48;
/** Lines past these could not be told apart. */
const mostLines = 200;

/** The beginning of a document, which names its line. */
export function documentName(text: string): string {
  return text.length > nameLength ? `${text.slice(0, nameLength)}…` : text;
}

const layers = z.array(z.int().min(0)).min(1).max(500);
const ranks = z.array(z.int().min(1)).max(500);
const schema = z.strictObject({
  q: z.string().max(2000),
  n: z.int().min(1),
  ce: layers,
  de: layers,
  d: z
    .array(z.strictObject({ t: z.string().max(nameLength + 1), ce: ranks, de: ranks }))
    .min(1)
    .max(mostLines),
});

const kinds: readonly ModelKind[] = ['ce', 'de'];

/** Each line has a rank at every layer, none past the last document. */
const whole = schema.refine(({ d, n, ...of }) =>
  d.every((line) =>
    kinds.every((kind) => line[kind].length === of[kind].length && line[kind].every((rank) => rank <= n)),
  ),
);

/** The ranks and the first words of the documents as letters of an address; null where no line is drawn. */
export function writeEmbeddedFlow({ query, searched, flows, documents }: EmbeddedFlow): string | null {
  const of = (kind: ModelKind) => flows.find(({ model }) => model === kind);
  const [ce, de] = [of('ce'), of('de')];
  if (!ce || !de || ce.lines.length === 0) return null;
  return packText({
    q: query.slice(0, 2000),
    n: searched,
    ce: ce.layers,
    de: de.layers,
    d: ce.lines.slice(0, mostLines).map(({ document, ranks: ofCe }, index) => ({
      t: documentName(documents[document]?.text ?? String(document)),
      ce: ofCe,
      de: de.lines[index]!.ranks,
    })),
  });
}

/** @throws UserError when the address is cut or changed */
export function readEmbeddedFlow(text: string): EmbeddedFlow {
  const packed = unpackText(text, whole);
  return {
    query: packed.q,
    searched: packed.n,
    flows: kinds.map((model) => ({
      model,
      layers: packed[model],
      lines: packed.d.map((line, document) => ({ document, ranks: line[model] })),
    })),
    documents: Object.fromEntries(packed.d.map(({ t }, document) => [document, { id: '', text: t }])),
  };
}
