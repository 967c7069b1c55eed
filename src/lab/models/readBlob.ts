/** Some browsers give no more than 2 GB at once. */
const blobAtOnce = 2 ** 28;

/** A file's content in memory. @throws RangeError where there is not enough of it */
export async function readBlob(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(blob.size);
  for (let from = 0; from < blob.size; from += blobAtOnce) {
    bytes.set(new Uint8Array(await blob.slice(from, from + blobAtOnce).arrayBuffer()), from);
  }
  return bytes;
}
