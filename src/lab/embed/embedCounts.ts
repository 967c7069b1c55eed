import { type EmbeddedCounts, PlacedCounts } from '../data/dataReport.ts';
import type { EncodedText } from '../models/types.ts';

export type TextKind = 'query' | 'document';

const plural = { query: 'queries', document: 'documents' } as const;
const consequence = { query: 'which find nothing', document: 'ranked last' } as const;

/** Counts what a model made of a collection's texts, row by row. */
export class EmbedCounts {
  readonly #model: string;
  readonly #counts = new PlacedCounts();
  readonly #truncated = { texts: 0, tokensRead: 0, tokens: 0, places: [] as string[] };
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

  encoded(kind: TextKind, id: string, { content, spans, weightless }: EncodedText): void {
    this.#texts++;
    if (weightless) {
      this.#counts.add(`${plural[kind]} whose every token weighs 0, pooled evenly`, `${kind} ${id}`);
    }
    if (!content) return;
    if (content.known === 0) {
      this.#counts.add(`${plural[kind]} of which the tokeniser knows no token`, `${kind} ${id}`);
    }
    const [from, to] = spans[0] ?? [0, 0];
    const read = to - from;
    if (read >= content.tokens) return;
    const truncated = this.#truncated;
    truncated.texts++;
    truncated.tokensRead += read;
    truncated.tokens += content.tokens;
    if (truncated.places.length < 3) truncated.places.push(`${kind} ${id}`);
  }

  broken(kind: TextKind, id: string, layers: readonly number[]): void {
    const where = layers.length === 1 ? `layer ${layers[0]}` : `layers ${layers.join(', ')}`;
    this.#counts.add(
      `${plural[kind]} whose vector is not finite, ${consequence[kind]}`,
      `${kind} ${id}, ${where}`,
    );
  }

  /** A pair of texts whose logit is not finite. */
  brokenPair(query: string, document: string): void {
    this.#counts.add('pairs whose logit is not finite, ranked last', `query ${query}, document ${document}`);
  }

  report(): EmbeddedCounts {
    return {
      model: this.#model,
      texts: this.#texts,
      truncated: { ...this.#truncated, places: [...this.#truncated.places] },
      counts: this.#counts.list(),
      ...(this.#weights === undefined ? {} : { weights: this.#weights }),
    };
  }
}
