import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Collection, TextTable } from './collection.ts';

/**
 * SHA-256, hex, of a collection as it is searched: a line of JSON for each document `[id, text]`, each query, and each
 * judgement `[query row, document row, grade]`, in order. Equal hashes mean equal samples, wherever they came from.
 */
export function collectionHash({ corpus, queries, qrels }: Collection): string {
  const hash = sha256.create();
  for (const { ids, texts } of [corpus, queries]) {
    for (const [row, id] of ids.entries()) hash.update(lineOf([id, texts[row] ?? '']));
    hash.update(lineOf([]));
  }
  for (const [query, judged] of qrels.entries()) {
    for (const [document, grade] of judged) hash.update(lineOf([query, document, grade]));
  }
  return bytesToHex(hash.digest());
}

/** SHA-256, hex, of some documents, [from, to), a line of JSON each. */
export function documentsHash({ ids, texts }: TextTable, [from, to]: readonly [number, number]): string {
  const hash = sha256.create();
  for (let row = from; row < to; row++) hash.update(lineOf([ids[row]!, texts[row]!]));
  return bytesToHex(hash.digest());
}

function lineOf(value: readonly (string | number)[]): Uint8Array {
  return utf8ToBytes(`${JSON.stringify(value)}\n`);
}
