import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Collection, TextTable } from './collection.ts';

/**
 * SHA-256, hex, of a collection as it is searched: a line of JSON for each document `[id, text]`, each query, and each
 * judgement `[query row, document row, grade]`, in order. Equal hashes mean equal samples, wherever they came from.
 */
export function collectionHash({ corpus, queries, qrels }: Collection): string {
  const hash = sha256.create();
  const line = (value: readonly (string | number)[]): void => {
    hash.update(utf8ToBytes(`${JSON.stringify(value)}\n`));
  };
  for (const { ids, texts } of [corpus, queries]) {
    for (const [row, id] of ids.entries()) line([id, texts[row] ?? '']);
    line([]);
  }
  for (const [query, judged] of qrels.entries()) {
    for (const [document, grade] of judged) line([query, document, grade]);
  }
  return bytesToHex(hash.digest());
}

/** SHA-256, hex, of some documents, [from, to), a line of JSON each. */
export function documentsHash({ ids, texts }: TextTable, [from, to]: readonly [number, number]): string {
  const hash = sha256.create();
  for (let row = from; row < to; row++) {
    hash.update(utf8ToBytes(`${JSON.stringify([ids[row], texts[row]])}\n`));
  }
  return bytesToHex(hash.digest());
}
