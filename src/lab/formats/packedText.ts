import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import type { z } from 'zod';
import { UserError } from '../../base/userError.ts';

/** Characters of an address that are read; figures of 200 collections take fewer. */
const mostCharacters = 200_000;
const mostBytes = 2_000_000;

/** A value as letters of an address: JSON, deflated, in base64 for addresses. */
export function packText(value: unknown): string {
  let letters = '';
  for (const byte of deflateSync(strToU8(JSON.stringify(value)), { level: 9 })) {
    letters += String.fromCharCode(byte);
  }
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws UserError when the text is not what {@link packText} made of such a value, as when an address is cut */
export function unpackText<T>(text: string, schema: z.ZodType<T>): T {
  try {
    if (text.length > mostCharacters) throw new RangeError('too long');
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return schema.parse(JSON.parse(strFromU8(inflateSync(bytes, { out: new Uint8Array(mostBytes) }))));
  } catch {
    throw new UserError('The address of this frame does not hold its figures whole; copy the snippet again.');
  }
}

/** A figure as it is packed: four digits behind the point are more than a picture shows. */
export function packedNumber(value: number): number {
  return Number(value.toFixed(4));
}
