import { principalDirections } from '../explore/principal.ts';

/** Vectors, at most, that the principal components are taken of. */
const mostFitted = 10_000;

/**
 * Fits a teacher's vectors to the width of a student's, by one linear map. A narrower student gets their components
 * along their principal directions, as sentence-transformers' example of layer reduction
 * (model_distillation/model_distillation.py) does: fitted to centred vectors, applied to vectors as they are. A wider
 * one gets them with zeros behind, which changes no product of two.
 * @param tables (N, C) each
 * @returns a function from vectors (N, C) to vectors (N, width)
 */
export function fitWidth(
  tables: readonly Float32Array[],
  columns: number,
  width: number,
): (vectors: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer> {
  if (width === columns) return (vectors) => vectors;
  const wider = width > columns;
  const directions = wider
    ? null
    : principalDirections(some(tables, columns), columns, width, true).directions;
  return (vectors) => {
    const rows = vectors.length / columns;
    const out = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const vector = vectors.subarray(row * columns, (row + 1) * columns);
      if (!directions) {
        out.set(vector, row * width);
        continue;
      }
      for (let d = 0; d < width; d++) {
        let sum = 0;
        for (let i = 0; i < columns; i++) sum += vector[i]! * directions[d * columns + i]!;
        out[row * width + d] = sum;
      }
    }
    return out;
  };
}

/** Rows spread evenly over all tables. */
function some(tables: readonly Float32Array[], columns: number): Float32Array {
  const total = tables.reduce((sum, { length }) => sum + length / columns, 0);
  const every = Math.max(1, Math.ceil(total / mostFitted));
  const rows: Float32Array[] = [];
  let number = 0;
  for (const table of tables) {
    for (let at = 0; at < table.length; at += columns) {
      if (number++ % every === 0) rows.push(table.subarray(at, at + columns));
    }
  }
  const out = new Float32Array(rows.length * columns);
  for (const [row, values] of rows.entries()) out.set(values, row * columns);
  return out;
}
