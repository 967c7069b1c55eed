import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';

const indexSchema = z.record(z.string(), z.string());

/**
 * The file of vectors that the page carries for a bundled collection.
 * @param base URL of the folder that holds index.html
 * @returns null where there is none, or where its SHA-256 is not the one of `stored/vectors/index.json`
 */
export async function fetchStoredVectors(
  base: string,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const folder = new URL('stored/vectors/', base);
  const index = await fetch(new URL('index.json', folder), { signal });
  if (!index.ok) return null;
  const hashes = indexSchema.safeParse(await index.json().catch(() => null));
  const expected = hashes.success ? hashes.data[name] : undefined;
  if (expected === undefined) return null;
  const response = await fetch(new URL(`${name}.safetensors`, folder), { signal });
  if (!response.ok) return null;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytesToHex(sha256(bytes)) === expected ? bytes : null;
}
