import type { Table } from '../formats/table.ts';
import { measures, type TokenFigures } from './tokenFigures.ts';
import { measureName } from './whySentences.ts';

/** Every token of both models with every measure. */
export function tokenTable(models: readonly TokenFigures[]): Table {
  return {
    caption: 'Embeddings of tokens and their IDF',
    columns: ['token', 'model', 'documents', 'IDF', ...measures.map(measureName)],
    rows: models.flatMap(({ model, tokens, counts, idf, values }) =>
      tokens.map((token, i) => [
        token,
        model.toUpperCase(),
        counts[i]!,
        idf[i]!,
        ...measures.map((measure) => values[measure][i]!),
      ]),
    ),
  };
}

/** Every correlation of both models. */
export function correlationTable(models: readonly TokenFigures[]): Table {
  return {
    caption: 'Spearman’s correlation with IDF',
    columns: ['measure', 'model', 'ρ', '95 % low', '95 % high', 'tokens', 'share of squares'],
    rows: measures.flatMap((measure, index) =>
      models.map(({ model, correlations, shares }) => {
        const { rho, low, high, n } = correlations[measure];
        return [
          measureName(measure),
          model.toUpperCase(),
          rho,
          low,
          high,
          n,
          index === 0 ? null : (shares[index - 1] ?? null),
        ];
      }),
    ),
  };
}
