import type { Cell } from '../formats/table.ts';
import type { SimilarityGrid, TokenGrid } from './tokenGrid.ts';

/** Names with their places in front, since a word stands in a text more than once. */
export function numbered(names: readonly string[]): string[] {
  return names.map((name, index) => `${index + 1} ${name}`);
}

/** One row a cell: its number, what the grid is of, row, column, value. @param first number of the first cell */
export function gridRows(name: string, { rows, columns, values }: TokenGrid, first: number): Cell[][] {
  const [rowNames, columnNames] = [numbered(rows), numbered(columns)];
  return Array.from(values, (value, at) => [
    first + at,
    name,
    rowNames[Math.floor(at / columns.length)]!,
    columnNames[at % columns.length]!,
    value,
  ]);
}

/** As {@link gridRows}, with what MaxSim takes of a cell: of the largest in a row its part, of the others nothing. */
export function similarityRows(name: string, grid: SimilarityGrid, first: number): Cell[][] {
  const { columns, best, parts } = grid;
  return gridRows(name, grid, first).map((cells, at) => {
    const row = Math.floor(at / columns.length);
    return [...cells, best[row] === at % columns.length ? parts[row]! : null];
  });
}
