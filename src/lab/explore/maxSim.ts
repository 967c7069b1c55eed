/** Token-to-token cosine similarities of two texts. */
export interface TokenSimilarity {
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns): query token by document token. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** MaxSim and its parts. */
export interface MaxSim {
  /** Sum of the parts. */
  readonly score: number;
  /** One a query token: its largest similarity to a document token. */
  readonly parts: readonly number[];
  /** One a query token: the document token that it is largest at; the first of equals. */
  readonly matches: readonly number[];
}

/**
 * Cosine of every query token with every document token.
 * @param query (Tq, C) @param document (Td, C) token states, of any length
 */
export function tokenSimilarity(
  query: Float32Array,
  document: Float32Array,
  hiddenSize: number,
): TokenSimilarity {
  const a = unitRows(query, hiddenSize);
  const b = unitRows(document, hiddenSize);
  const rows = query.length / hiddenSize;
  const columns = document.length / hiddenSize;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < hiddenSize; i++) sum += a[row * hiddenSize + i]! * b[column * hiddenSize + i]!;
      values[row * columns + column] = sum;
    }
  }
  return { rows, columns, values };
}

function unitRows(values: Float32Array, size: number): Float64Array {
  const unit = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += size) {
    let squares = 0;
    for (let i = 0; i < size; i++) squares += values[at + i]! ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < size; i++) unit[at + i] = values[at + i]! * scale;
  }
  return unit;
}

/**
 * The sum over query tokens of the largest similarity to a document token (Khattab and Zaharia, ColBERT,
 * SIGIR 2020, equation 3). Of a text without tokens there is nothing to sum: 0.
 */
export function maxSim({ rows, columns, values }: TokenSimilarity): MaxSim {
  const parts: number[] = [];
  const matches: number[] = [];
  let score = 0;
  for (let row = 0; columns > 0 && row < rows; row++) {
    let match = 0;
    for (let column = 1; column < columns; column++) {
      if (values[row * columns + column]! > values[row * columns + match]!) match = column;
    }
    parts.push(values[row * columns + match]!);
    matches.push(match);
    score += values[row * columns + match]!;
  }
  return { score, parts, matches };
}
