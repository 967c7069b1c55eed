import { sha256 as sha256OfNoble } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The browser's own digest takes no more than this at once, and none in pieces. */
const mostAtOnce = 2 ** 31 - 1;
const piece = 2 ** 26;

/**
 * @param most bytes that are given to the browser's own digest
 * @returns the SHA-256 of the bytes, in hexadecimal
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>, most = mostAtOnce): Promise<string> {
  if (bytes.length <= most) return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  const hash = sha256OfNoble.create();
  for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
  return bytesToHex(hash.digest());
}
