/** Scripts that set no spaces between words. */
const scripts = ['Han', 'Hira', 'Kana', 'Thai', 'Laoo', 'Khmr', 'Mymr']
  .map((code) => `\\p{scx=${code}}`)
  .join('');
const spaceless = new RegExp(`[${scripts}]`, 'u');
const runs = /[\p{L}\p{M}\p{N}]+/gu;
/** Parts of a run that are of such a script, and those that are not. */
const parts = new RegExp(`(?:[${scripts}]\\p{M}*)+|[^${scripts}]+`, 'gu');

const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter('en', { granularity: 'word' }) : null;

/** How {@link words} splits a text of a script without spaces, as a sentence. */
export const spacelessRule = segmenter
  ? 'Text without spaces between words is split into words by Intl.Segmenter and into pairs of neighbouring characters.'
  : 'Text without spaces between words is split into pairs of neighbouring characters; this browser has no Intl.Segmenter.';

/** All of those scripts lie behind Thai; most texts are told apart by this alone, which is quick. */
const far = /[\u0e00-\uffff]/;

export function isSpaceless(text: string): boolean {
  return far.test(text) && spaceless.test(text);
}

/**
 * The words of a text: runs of letters, marks and digits, in lower case, neither stemmed nor stopped. A script without
 * spaces gives its words and its pairs of neighbouring characters, so that a word which is split otherwise in a query
 * is still found.
 */
export function words(text: string): string[] {
  const found = text.toLowerCase().match(runs) ?? [];
  if (!isSpaceless(text)) return found;
  return found.flatMap(
    (run) => run.match(parts)?.flatMap((part) => (isSpaceless(part) ? split(part) : [part])) ?? [],
  );
}

/** Words and pairs of characters, what is both at one place once. */
function split(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  const pairs = characters.slice(1).map((character, i) => characters[i]! + character);
  const isPair = (word: string): boolean => [...word].length === 2;
  const whole = segmenter
    ? [...segmenter.segment(run)].map(({ segment }) => segment).filter((word) => !isPair(word))
    : [];
  return [...whole, ...pairs];
}
