import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ListedFile } from './repository.ts';

/** The hash by which the hub knows a file, made as its bytes come. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Whether what came is the listed file. */
  matches(): boolean;
}

/**
 * SHA-256 of a large file. A small one has git's hash of a blob: SHA-1 of `blob SIZE`, a zero byte and the
 * content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). Without either, all is taken.
 */
export function checksumOf({ size, sha256: listed, oid }: ListedFile): Checksum {
  const hash = listed === null ? sha1.create().update(utf8ToBytes(`blob ${size}\0`)) : sha256.create();
  const wanted = listed ?? oid;
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    matches: () => wanted === '' || bytesToHex(hash.digest()) === wanted,
  };
}
