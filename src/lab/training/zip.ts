import { makeZip, predictLength } from 'client-zip';
import type { FolderFile } from './modelFolder.ts';

/**
 * A folder as a stream of a .zip file, uncompressed: weights hardly shrink, and so nothing is held twice.
 * @param name of the folder that the files are put in
 * @param date of every file
 */
export function zipFolder(
  name: string,
  files: readonly FolderFile[],
  date: Date,
): { readonly stream: ReadableStream<Uint8Array>; readonly length: number } {
  const entries = files.map(({ path, bytes }) => ({
    name: `${name}/${path}`,
    input: bytes,
    size: bytes.length,
    lastModified: date,
  }));
  return { stream: makeZip(entries), length: Number(predictLength(entries)) };
}

/** A folder as a .zip file, dated now. */
export async function zipBlob(name: string, files: readonly FolderFile[]): Promise<Blob> {
  return await new Response(zipFolder(name, files, new Date()).stream).blob();
}
