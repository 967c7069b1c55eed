import { Breath } from '../../base/yielding.ts';

/** Rows of the texts that are nearest to each of some, and their distances. */
export interface NearestTexts {
  /** (rows, k), nearest first, each text itself left out; fewer than k where there are fewer texts. */
  readonly rows: readonly (readonly number[])[];
  readonly distances: readonly (readonly number[])[];
}

/**
 * Exact nearest neighbours by Euclidean distance, which orders unit vectors as their cosine does.
 * @param values (N, C) @param of rows whose neighbours are asked for
 * @param onProgress rows done
 * @throws Cancelled when the signal is aborted
 */
export async function nearestTexts(
  values: ArrayLike<number>,
  columns: number,
  { of, k, signal, onProgress }: NearestOptions,
): Promise<NearestTexts> {
  const count = values.length / columns;
  const breath = new Breath(signal);
  const rows: number[][] = [];
  const distances: number[][] = [];
  const squares = new Float64Array(count);
  for (const [done, row] of of.entries()) {
    distancesFrom(values, columns, row, squares);
    const list = closest(squares, row, k);
    rows.push(list);
    distances.push(list.map((other) => Math.sqrt(squares[other]!)));
    if (breath.due) {
      onProgress?.(done + 1);
      await breath.take();
    }
  }
  return { rows, distances };
}

export interface NearestOptions {
  readonly of: readonly number[];
  readonly k: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

function distancesFrom(values: ArrayLike<number>, columns: number, row: number, squares: Float64Array): void {
  const from = row * columns;
  for (let other = 0, at = 0; other < squares.length; other++, at += columns) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += (values[at + i]! - values[from + i]!) ** 2;
    squares[other] = sum;
  }
}

/** The k rows of least distance but `self`; of equal ones the earlier. */
function closest(squares: Float64Array, self: number, k: number): number[] {
  const list: number[] = [];
  for (let row = 0; row < squares.length; row++) {
    if (row === self || (list.length === k && squares[row]! >= squares[list[k - 1]!]!)) continue;
    if (list.length === k) list.pop();
    let at = list.length;
    while (at > 0 && squares[row]! < squares[list[at - 1]!]!) at--;
    list.splice(at, 0, row);
  }
  return list;
}

/**
 * How much of the neighbourhood a map keeps: the share of each text's k nearest that are among its k nearest there.
 * @param values (N, C) @param points (N, 2)
 */
export async function neighboursKept(
  values: ArrayLike<number>,
  columns: number,
  points: ArrayLike<number>,
  options: NearestOptions,
): Promise<number> {
  const there = await nearestTexts(values, columns, options);
  const here = await nearestTexts(points, 2, options);
  let kept = 0;
  let asked = 0;
  for (const [index, rows] of there.rows.entries()) {
    const drawn = new Set(here.rows[index]);
    kept += rows.filter((row) => drawn.has(row)).length;
    asked += rows.length;
  }
  return asked > 0 ? kept / asked : 1;
}
