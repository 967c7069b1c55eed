/** A word and the tokens it was split into, as positions from `from` to before `to`. */
export interface JoinedWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** How a tokenizer marks that a token goes on with a word, or begins one. */
type Marking = 'continues' | 'begins' | 'none';

function markingOf(tokens: readonly string[]): Marking {
  if (tokens.some((token) => token.startsWith('##') && token.length > 2)) return 'continues';
  // Unigram writes a space as ▁ (U+2581), byte-level BPE as Ġ (U+0120).
  if (tokens.some((token) => /^[▁Ġ]/u.test(token))) return 'begins';
  return 'none';
}

/** A token without its tokenizer's mark. */
export function plainToken(token: string): string {
  return token.replace(/^##(?=.)/u, '').replace(/^[▁Ġ]/u, '');
}

/**
 * Joins word pieces to words: WordPiece marks a piece that goes on with `##`, Unigram and byte-level BPE mark
 * one that begins a word. Tokens without a letter or digit stand by themselves.
 */
export function joinWordPieces(tokens: readonly string[]): JoinedWord[] {
  const marking = markingOf(tokens);
  const words: { text: string; from: number; to: number }[] = [];
  for (const [position, token] of tokens.entries()) {
    const last = words.at(-1);
    const goesOn =
      last !== undefined &&
      (marking === 'continues'
        ? token.startsWith('##') && token.length > 2
        : marking === 'begins' &&
          !/^[▁Ġ]/u.test(token) &&
          /[\p{L}\p{M}\p{N}]/u.test(token) &&
          /[\p{L}\p{M}\p{N}]$/u.test(last.text));
    if (goesOn) {
      last.text += plainToken(token);
      last.to = position + 1;
    } else words.push({ text: plainToken(token), from: position, to: position + 1 });
  }
  return words;
}

/**
 * A token-to-token matrix by words: the mean over a row word's tokens of the largest value within the column word,
 * or of their sum where values are shares, as attention is.
 * @param values (rows, columns)
 * @returns (row words, column words)
 */
export function joinMatrix(
  values: Float32Array,
  columns: number,
  rowWords: readonly JoinedWord[],
  columnWords: readonly JoinedWord[],
  within: 'largest' | 'sum' = 'largest',
): Float32Array<ArrayBuffer> {
  const joined = new Float32Array(rowWords.length * columnWords.length);
  for (const [r, row] of rowWords.entries()) {
    for (const [c, column] of columnWords.entries()) {
      let sum = 0;
      for (let i = row.from; i < row.to; i++) {
        const part = values.subarray(i * columns + column.from, i * columns + column.to);
        sum += within === 'largest' ? Math.max(...part) : part.reduce((total, share) => total + share, 0);
      }
      joined[r * columnWords.length + c] = sum / (row.to - row.from);
    }
  }
  return joined;
}
