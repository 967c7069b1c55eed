import type { Output, Part } from './openedGraph.ts';

/**
 * An output of all parts of a batch, without the rows and tokens that filled them up.
 * @param lengths how much of each of the last axes is asked for, null for all of it
 */
export function together(
  parts: readonly Part[],
  name: string,
  lengths: readonly (number | null)[] = [null],
): Output {
  let dims: readonly number[] = [];
  const pieces = parts.flatMap(({ outputs, rows }) => {
    const output = outputs.get(name);
    if (!output) throw new Error(`The runtime gave no ${name}.`);
    const [given = rows, ...inner] = output.dims;
    const kept = output.data.subarray(0, (output.data.length / given) * rows);
    dims = inner.map((length, axis) => lengths[axis - inner.length + lengths.length] ?? length);
    return cropped(kept, inner.slice(-lengths.length), lengths);
  });
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const [first, ...others] = pieces;
  if (first && others.length === 0) return { data: first, dims: [rows, ...dims] };
  const data = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return { data, dims: [rows, ...dims] };
}

/** The pieces that stay where the last axes, of lengths `dims`, are cut to `lengths`. */
function cropped(
  data: Float32Array<ArrayBuffer>,
  dims: readonly number[],
  lengths: readonly (number | null)[],
): Float32Array<ArrayBuffer>[] {
  const first = lengths.findIndex((length, axis) => length !== null && length !== dims[axis]);
  if (first < 0) return [data];
  const inner = dims.slice(first + 1);
  const size = inner.reduce((product, length) => product * length, 1);
  const pieces: Float32Array<ArrayBuffer>[] = [];
  for (let at = 0; at < data.length; at += dims[first]! * size) {
    pieces.push(...cropped(data.subarray(at, at + lengths[first]! * size), inner, lengths.slice(first + 1)));
  }
  return pieces;
}
