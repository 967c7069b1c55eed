import { crc32, deflateSync } from 'node:zlib';

/** Colours of a palette; a picture of a page has few that count. */
const most = 256;

/**
 * A PNG with a palette, a third of the size of one without; what the palette lacks becomes the nearest of it.
 * @param rgba [height, width, 4], opaque
 */
export function indexedPng(rgba: Uint8Array, width: number, height: number): Buffer {
  const colours = Uint32Array.from({ length: width * height }, (_, at) => colourAt(rgba, 4 * at));
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const { palette, indexOf } = paletteOf(counts);

  // Each row begins with its filter, of which an index needs none.
  const rows = Buffer.alloc(height * (width + 1));
  for (const [at, colour] of colours.entries()) {
    rows[at + Math.floor(at / width) + 1] = indexOf.get(colour)!;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits an index, colours by palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(rgba: Uint8Array, at: number): number {
  return (rgba[at]! << 16) | (rgba[at + 1]! << 8) | rgba[at + 2]!;
}

function channels(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

/** The most frequent colour, then each time the one that the palette so far shows worst, over all its pixels. */
function paletteOf(counts: ReadonlyMap<number, number>): { palette: number[]; indexOf: Map<number, number> } {
  const colours = [...counts.keys()];
  const distances = new Float64Array(colours.length).fill(Number.POSITIVE_INFINITY);
  const nearest = new Uint8Array(colours.length);
  const palette: number[] = [];
  let next = colours.reduce((best, one) => (counts.get(one)! > counts.get(best)! ? one : best));
  let worst = 1;
  while (palette.length < most && worst > 0) {
    const added = channels(next);
    palette.push(next);
    worst = 0;
    for (const [at, colour] of colours.entries()) {
      const distance = channels(colour).reduce((sum, value, i) => sum + (value - added[i]!) ** 2, 0);
      if (distance < distances[at]!) {
        distances[at] = distance;
        nearest[at] = palette.length - 1;
      }
      const error = distances[at]! * counts.get(colour)!;
      if (error > worst) [worst, next] = [error, colour];
    }
  }
  return { palette, indexOf: new Map(colours.map((colour, at) => [colour, nearest[at]!])) };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
