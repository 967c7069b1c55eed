/** Bytes one behind the other. @param pieces of any type of array, taken as the bytes in memory */
export function joinBytes(pieces: readonly ArrayBufferView<ArrayBufferLike>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of pieces) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return all;
}
