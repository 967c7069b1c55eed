/** A text without one of its words. */
export interface WithoutWord {
  readonly word: string;
  /** Where the word begins in the text, in UTF-16 units. */
  readonly at: number;
  readonly text: string;
}

/** At most so many words are left out, so that a page of text does not cost a thousand runs of the model. */
export const mostWordsLeftOut = 64;

/**
 * A text once without each of its words. Scripts without spaces are split as the browser's segmenter does.
 * @returns in the order of the text; `left` counts words past {@link mostWordsLeftOut}, which are not tried
 */
export function leaveOneOut(text: string): {
  readonly variants: readonly WithoutWord[];
  readonly left: number;
} {
  const found = wordsIn(text);
  const variants = found.slice(0, mostWordsLeftOut).map(({ word, at }) => ({
    word,
    at,
    text: `${text.slice(0, at)}${text.slice(at + word.length)}`.replace(/\s+/gu, ' ').trim(),
  }));
  return { variants, left: Math.max(0, found.length - mostWordsLeftOut) };
}

function wordsIn(text: string): { word: string; at: number }[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)]
    .filter(({ isWordLike }) => isWordLike === true)
    .map(({ segment, index }) => ({ word: segment, at: index }));
}
