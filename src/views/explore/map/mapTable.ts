import type { MapText } from '../../../lab/explore/textMap.ts';
import type { Table } from '../../../lab/formats/table.ts';
import type { Grouped } from './mapGroups.ts';

export interface MapRows {
  readonly documents: number;
  readonly points: ArrayLike<number>;
  readonly grouped: Grouped;
  /** Of every row. */
  readonly texts: readonly MapText[];
}

/** A map as a table, one text a row. */
export function mapTable(caption: string, { documents, points, grouped, texts }: MapRows): Table {
  return {
    caption,
    columns: ['kind', 'id', 'x', 'y', 'group', 'text'],
    rows: texts.map(({ row, id, text }) => [
      row < documents ? 'document' : 'query',
      id,
      points[2 * row]!,
      points[2 * row + 1]!,
      grouped.groups[grouped.of[row]!]!.name,
      text,
    ]),
  };
}
