import { words } from '../../search/words.ts';

/** What one list has that another lacks. */
export interface ListDifference {
  /** In the list, not in the other; in the order of the list. */
  readonly gained: readonly number[];
  /** In the other, not in the list; in the order of the other. */
  readonly lost: readonly number[];
  readonly shared: readonly number[];
}

export function listDifference(list: readonly number[], other: readonly number[]): ListDifference {
  const inList = new Set(list);
  const inOther = new Set(other);
  return {
    gained: list.filter((document) => !inOther.has(document)),
    lost: other.filter((document) => !inList.has(document)),
    shared: list.filter((document) => inOther.has(document)),
  };
}

/** A part of a text, and whether it is a word of the query too. */
export interface MarkedPart {
  readonly text: string;
  readonly shared: boolean;
}

/** A document's text in parts, with the words that the query has too marked, as BM25 splits words. */
export function markShared(text: string, query: string): MarkedPart[] {
  const wanted = new Set(words(query));
  const parts: MarkedPart[] = [];
  let plain = '';
  const push = (part: string, shared: boolean): void => {
    if (!shared) {
      plain += part;
      return;
    }
    if (plain !== '') parts.push({ text: plain, shared: false });
    plain = '';
    parts.push({ text: part, shared: true });
  };
  for (const [part] of text.matchAll(/[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu)) {
    push(part, wanted.has(part.toLowerCase()));
  }
  if (plain !== '') parts.push({ text: plain, shared: false });
  return parts;
}
