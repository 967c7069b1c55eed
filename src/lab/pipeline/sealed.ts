import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { joinBytes } from '../../base/bytes.ts';
import { UserError } from '../../base/userError.ts';

/** A kind of file that a shard leaves: a line of JSON, then bytes whose hash is in it. */
export interface SealedFormat<Header> {
  readonly format: string;
  readonly version: number;
  /** Of the line of JSON. */
  readonly schema: z.ZodType<Header>;
}

/** What the line of JSON has besides its own fields. */
interface Seal {
  readonly format: string;
  readonly version: number;
  /** SHA-256 of what follows. */
  readonly sha256: string;
}

export function writeSealed<Header extends object>(
  { format, version }: SealedFormat<Header>,
  header: Header,
  pieces: readonly (Uint8Array | Float32Array)[],
): Uint8Array<ArrayBuffer> {
  const body = joinBytes(pieces);
  const full = { ...header, format, version, sha256: bytesToHex(sha256(body)) } satisfies Seal;
  return joinBytes([new TextEncoder().encode(`${JSON.stringify(full)}\n`), body]);
}

/** The format that a file says it is of; null for a file that is none. */
export function formatOf(file: Uint8Array): string | null {
  return z.object({ format: z.string() }).safeParse(lineOf(file).value).data?.format ?? null;
}

/**
 * @param length bytes that should follow such a line
 * @throws UserError for a file that is none, is of another version, or is damaged
 */
export function readSealed<Header>(
  { format, version, schema }: SealedFormat<Header>,
  file: Uint8Array,
  name: string,
  length: (header: Header) => number,
): { readonly header: Header; readonly body: ArrayBuffer } {
  const { value, end } = lineOf(file);
  const about = z.object({ format: z.literal(format), version: z.int() }).safeParse(value);
  if (!about.success) {
    throw new UserError('is no part; name files that `run --shard` wrote.', { file: name });
  }
  if (about.data.version !== version) {
    throw new UserError(
      `is a part of version ${about.data.version}, and this lab reads ${version}; run it again.`,
      { file: name },
    );
  }
  const parsed = schema.safeParse(value);
  const sealed = z.object({ sha256: z.string() }).safeParse(value);
  // A copy of its own: what Node reads is a view of a larger buffer, and its slices are too.
  const body = new Uint8Array(file.subarray(end + 1));
  const whole =
    parsed.success && body.length === length(parsed.data) && sealed.data?.sha256 === bytesToHex(sha256(body));
  if (!whole) throw new UserError('is damaged; run this part again.', { file: name });
  return { header: parsed.data, body: body.buffer };
}

function lineOf(file: Uint8Array): { readonly value: unknown; readonly end: number } {
  const end = file.indexOf('\n'.charCodeAt(0));
  try {
    return { value: JSON.parse(new TextDecoder().decode(file.subarray(0, Math.max(0, end)))), end };
  } catch {
    return { value: null, end };
  }
}
