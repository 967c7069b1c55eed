import { type DocumentFrequency, inverseDocumentFrequency } from '../embed/documentFrequency.ts';
import type { EmbeddingMatrix } from '../models/embeddingMatrix.ts';
import type { ModelKind } from '../models/types.ts';
import { principalDirections } from './principal.ts';
import { type Correlation, spearman } from './spearman.ts';

/** What is held against a token's IDF: the length of its embedding, or its place along a singular direction. */
export const measures = ['norm', 'direction-1', 'direction-2', 'direction-3'] as const;
export type Measure = (typeof measures)[number];

const directions = measures.length - 1;

/** A model's embeddings of a collection's tokens beside the tokens' IDF. Lists are by token, the commonest first. */
export interface TokenFigures {
  readonly model: ModelKind;
  /** The file that the embedding matrix was read from, behind the model's source. */
  readonly file: string;
  /** Tokens of the whole vocabulary, whose embeddings the singular directions are of. */
  readonly vocabulary: number;
  readonly hiddenSize: number;
  readonly documents: number;
  readonly tokens: readonly string[];
  /** Documents that have the token. */
  readonly counts: readonly number[];
  readonly idf: readonly number[];
  readonly values: Readonly<Record<Measure, readonly number[]>>;
  readonly correlations: Readonly<Record<Measure, Correlation>>;
  /** Of each direction, its part of the sum of squares of the matrix. */
  readonly shares: readonly number[];
}

export interface TokenFiguresOptions {
  readonly model: ModelKind;
  readonly file: string;
  readonly matrix: EmbeddingMatrix;
  readonly frequency: DocumentFrequency;
  /** Tokens that are no words, left out. */
  readonly specials: ReadonlySet<number>;
  readonly nameOf: (token: number) => string;
}

/**
 * Every token that stands in a document, but special ones: its IDF, the norm of its embedding, and its coordinates
 * along the first right singular vectors of the whole matrix, which is not centred. A singular vector has no sign of
 * its own; here its largest component is positive.
 */
export function tokenFigures({
  model,
  file,
  matrix,
  frequency,
  specials,
  nameOf,
}: TokenFiguresOptions): TokenFigures {
  const { data, rows, columns } = matrix;
  const seen = [...frequency.counts]
    .filter(([token]) => token < rows && !specials.has(token))
    .sort(([a, m], [b, n]) => n - m || a - b);
  const singular = principalDirections(data, columns, directions, false);
  const whole = singular.squares.reduce((sum, square) => sum + square, 0);
  const along = (token: number, direction: number): number => {
    let sum = 0;
    for (let i = 0; i < columns; i++) {
      sum += data[token * columns + i]! * singular.directions[direction * columns + i]!;
    }
    return sum;
  };
  const idf = seen.map(([token]) => inverseDocumentFrequency(frequency, token));
  const valuesOf = (measure: Measure): number[] => {
    const direction = measures.indexOf(measure) - 1;
    return seen.map(([token]) =>
      direction < 0
        ? Math.hypot(...data.subarray(token * columns, (token + 1) * columns))
        : along(token, direction),
    );
  };
  const byMeasure = <T>(of: (measure: Measure) => T): Record<Measure, T> =>
    Object.fromEntries(measures.map((measure) => [measure, of(measure)])) as Record<Measure, T>;
  const values = byMeasure(valuesOf);
  return {
    model,
    file,
    vocabulary: rows,
    hiddenSize: columns,
    documents: frequency.documents,
    tokens: seen.map(([token]) => nameOf(token)),
    counts: seen.map(([, count]) => count),
    idf,
    values,
    correlations: byMeasure((measure) => spearman(idf, values[measure])),
    shares: singular.squares.slice(0, directions).map((square) => square / whole),
  };
}
