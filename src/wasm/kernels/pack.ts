/**
 * Rows (rows, inner), `rowLength` floats apart, as the left side of a product: (rows / 6, inner, 6). Where the last six
 * are not full, the last row stands for those that are missing; what is made of it is not read.
 */
export function packRows(to: usize, from: usize, rowLength: i32, rows: i32, inner: i32): void {
  const whole = inner & ~3;
  for (let row = 0; row < rows; row += 6) {
    const r0 = rowAt(from, rowLength, row, rows);
    const r1 = rowAt(from, rowLength, row + 1, rows);
    const r2 = rowAt(from, rowLength, row + 2, rows);
    const r3 = rowAt(from, rowLength, row + 3, rows);
    const r4 = rowAt(from, rowLength, row + 4, rows);
    const r5 = rowAt(from, rowLength, row + 5, rows);
    let k = 0;
    for (; k < whole; k += 4) {
      const at = (<usize>k) << 2;
      const x0 = v128.load(r0 + at);
      const x1 = v128.load(r1 + at);
      const x2 = v128.load(r2 + at);
      const x3 = v128.load(r3 + at);
      const x4 = v128.load(r4 + at);
      const x5 = v128.load(r5 + at);
      // Of each pair of rows two columns, and the next two.
      const low01 = lowPairs(x0, x1);
      const high01 = highPairs(x0, x1);
      const low23 = lowPairs(x2, x3);
      const high23 = highPairs(x2, x3);
      const low45 = lowPairs(x4, x5);
      const high45 = highPairs(x4, x5);
      v128.store(to, lowHalves(low01, low23));
      v128.store64_lane(to, low45, 0, 16);
      v128.store(to, highHalves(low01, low23), 24);
      v128.store64_lane(to, low45, 1, 40);
      v128.store(to, lowHalves(high01, high23), 48);
      v128.store64_lane(to, high45, 0, 64);
      v128.store(to, highHalves(high01, high23), 72);
      v128.store64_lane(to, high45, 1, 88);
      to += 96;
    }
    for (; k < inner; k++) {
      const at = (<usize>k) << 2;
      f32.store(to, f32.load(r0 + at));
      f32.store(to, f32.load(r1 + at), 4);
      f32.store(to, f32.load(r2 + at), 8);
      f32.store(to, f32.load(r3 + at), 12);
      f32.store(to, f32.load(r4 + at), 16);
      f32.store(to, f32.load(r5 + at), 20);
      to += 24;
    }
  }
}

/** a0 b0 a1 b1 */
function lowPairs(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
}

/** a2 b2 a3 b3 */
function highPairs(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
}

/** a0 a1 b0 b1 */
function lowHalves(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

/** a2 a3 b2 b3 */
function highHalves(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

function rowAt(from: usize, rowLength: i32, row: i32, rows: i32): usize {
  return from + ((<usize>min(row, rows - 1) * rowLength) << 2);
}

/**
 * The transpose of (columns, inner), whose rows lie `rowLength` floats apart, as the right side of a product:
 * (columns / 8, inner, 8). Where the last eight are not full, the last one stands for those that are missing.
 */
export function packTransposed(to: usize, from: usize, rowLength: i32, columns: i32, inner: i32): void {
  const apart = (<usize>rowLength) << 2;
  for (let column = 0; column < columns; column += 8) {
    const left = columns - column;
    const first = from + <usize>column * apart;
    for (let lane = 0; lane < 8; lane++) {
      const at = first + <usize>min(lane, left - 1) * apart;
      for (let k = 0; k < inner; k++) {
        f32.store(to + ((<usize>k * 8 + lane) << 2), f32.load(at + ((<usize>k) << 2)));
      }
    }
    to += (<usize>inner * 8) << 2;
  }
}

/**
 * (inner, columns), whose rows lie `rowLength` floats apart, as the right side of a product: (columns / 8, rows, 8), with
 * zeros in the columns that are missing and in the rows behind the last.
 * @param rows at least `inner`
 */
export function packColumns(
  to: usize,
  from: usize,
  rowLength: i32,
  inner: i32,
  columns: i32,
  rows: i32,
): void {
  const zero = f32x4.splat(0);
  for (let column = 0; column < columns; column += 8) {
    const width = min(8, columns - column);
    let at = from + ((<usize>column) << 2);
    for (let k = 0; k < rows; k++) {
      if (k < inner && width === 8) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
      } else {
        v128.store(to, zero);
        v128.store(to, zero, 16);
        if (k < inner) memory.copy(to, at, (<usize>width) << 2);
      }
      at += (<usize>rowLength) << 2;
      to += 32;
    }
  }
}
