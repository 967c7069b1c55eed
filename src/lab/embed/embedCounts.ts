import type { EmbeddedCounts } from '../data/dataReport.ts';
import { isCut, tokensRead } from '../models/cut.ts';
import type { EncodedText } from '../models/types.ts';

export type TextKind = 'query' | 'document';

const plural = { query: 'queries', document: 'documents' } as const;
const consequence = { query: 'which find nothing', document: 'ranked last' } as const;

/** {@link FirstPlaces} as it can be written down. */
interface FirstPlacesState {
  readonly count: number;
  readonly first: readonly { readonly at: number; readonly place: string }[];
}

/** What is counted, and where the first three of it stand, in whatever order it comes. */
class FirstPlaces {
  readonly #first: { readonly at: number; readonly place: string }[];
  count: number;

  constructor({ count, first }: FirstPlacesState = { count: 0, first: [] }) {
    this.count = count;
    this.#first = [...first];
  }

  state(): FirstPlacesState {
    return { count: this.count, first: [...this.#first] };
  }

  add(at: number, place: string): void {
    this.count++;
    this.#first.push({ at, place });
    this.#first.sort((a, b) => a.at - b.at);
    if (this.#first.length > 3) this.#first.pop();
  }

  get at(): number {
    return this.#first[0]?.at ?? 0;
  }

  list(): string[] {
    return this.#first.map(({ place }) => place);
  }
}

/** Documents stand behind all queries. */
function placeAt(kind: TextKind, row: number): number {
  return kind === 'query' ? row : 2 ** 40 + row;
}

/** Counts half-way, as they can be written down to go on from. */
export interface EmbedCountsState {
  readonly texts: number;
  readonly truncated: {
    readonly tokensRead: number;
    readonly tokens: number;
    readonly places: FirstPlacesState;
  };
  readonly counts: readonly (readonly [reason: string, places: FirstPlacesState])[];
}

/** Counts what a model made of a collection's texts, row by row. */
export class EmbedCounts {
  readonly #model: string;
  readonly #counts = new Map<string, FirstPlaces>();
  readonly #truncated = { tokensRead: 0, tokens: 0, places: new FirstPlaces() };
  readonly #weights: string | undefined;
  #texts = 0;

  /**
   * @param model `ce`, `de`, or a system of a comparison
   * @param weights how its tokens are weighted, in a sentence, where not alike
   */
  constructor(model: string, weights?: string) {
    this.#model = model;
    this.#weights = weights;
  }

  state(): EmbedCountsState {
    return {
      texts: this.#texts,
      truncated: { ...this.#truncated, places: this.#truncated.places.state() },
      counts: [...this.#counts].map(([reason, places]) => [reason, places.state()] as const),
    };
  }

  /** Goes on from there, whatever was counted so far. */
  restore({ texts, truncated, counts }: EmbedCountsState): void {
    this.#texts = texts;
    Object.assign(this.#truncated, { ...truncated, places: new FirstPlaces(truncated.places) });
    this.#counts.clear();
    for (const [reason, places] of counts) this.#counts.set(reason, new FirstPlaces(places));
  }

  #add(reason: string, at: number, place: string): void {
    const known = this.#counts.get(reason) ?? new FirstPlaces();
    this.#counts.set(reason, known);
    known.add(at, place);
  }

  /** @param row the text's, by which the first are told; in the order of the calls without */
  encoded(kind: TextKind, id: string, text: EncodedText, row: number = this.#texts): void {
    const { content, weightless } = text;
    const at = placeAt(kind, row);
    this.#texts++;
    if (weightless) {
      this.#add(`${plural[kind]} whose every token weighs 0, pooled evenly`, at, `${kind} ${id}`);
    }
    if (!content) return;
    if (content.known === 0) {
      this.#add(`${plural[kind]} of which the tokeniser knows no token`, at, `${kind} ${id}`);
    }
    if (!isCut(text)) return;
    const truncated = this.#truncated;
    truncated.tokensRead += tokensRead(text);
    truncated.tokens += content.tokens;
    truncated.places.add(at, `${kind} ${id}`);
  }

  broken(kind: TextKind, id: string, layers: readonly number[], row: number): void {
    const where = layers.length === 1 ? `layer ${layers[0]}` : `layers ${layers.join(', ')}`;
    this.#add(
      `${plural[kind]} whose vector is not finite, ${consequence[kind]}`,
      placeAt(kind, row),
      `${kind} ${id}, ${where}`,
    );
  }

  /** A pair of texts whose logit is not finite. */
  brokenPair(query: string, document: string): void {
    const reason = 'pairs whose logit is not finite, ranked last';
    this.#add(reason, this.#counts.get(reason)?.count ?? 0, `query ${query}, document ${document}`);
  }

  report(): EmbeddedCounts {
    return {
      model: this.#model,
      texts: this.#texts,
      truncated: {
        texts: this.#truncated.places.count,
        tokensRead: this.#truncated.tokensRead,
        tokens: this.#truncated.tokens,
        places: this.#truncated.places.list(),
      },
      counts: [...this.#counts]
        .sort(([, a], [, b]) => a.at - b.at)
        .map(([reason, places]) => ({ reason, count: places.count, places: places.list() })),
      ...(this.#weights === undefined ? {} : { weights: this.#weights }),
    };
  }
}
