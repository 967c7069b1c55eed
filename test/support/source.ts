import type { DroppedSource } from '../../src/lab/data/understand.ts';

/** A file made of its content, streamed in pieces of a few bytes so that lines and characters are cut. */
export function source(path: string, content: string | Uint8Array, pieceLength = 7): DroppedSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name: path,
    path,
    stream: () =>
      Promise.resolve(
        new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += pieceLength)
              controller.enqueue(bytes.slice(at, at + pieceLength));
            controller.close();
          },
        }),
      ),
  };
}

export function jsonLines(...records: readonly unknown[]): string {
  return `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
}
