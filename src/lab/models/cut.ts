import type { EncodedText } from './types.ts';

/** A text's own tokens that the model reads, specials left out; of a self pair those of one copy. */
export function tokensRead({ spans }: EncodedText): number {
  const [from, to] = spans[0] ?? [0, 0];
  return to - from;
}

/** Whether the model reads less of a text than there is. */
export function isCut(text: EncodedText): boolean {
  return text.content !== undefined && tokensRead(text) < text.content.tokens;
}
