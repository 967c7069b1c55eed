import { runStyle } from '../../../components/chart/StepChart.tsx';

export type PointShape = 'disc' | 'diamond';

/** Points that are drawn alike. */
export interface PointGroup {
  readonly name: string;
  /** A variable of the stylesheet, `var(--name)`. */
  readonly colour: string;
  readonly shape: PointShape;
  /** In CSS pixels. */
  readonly radius: number;
  readonly count: number;
}

/** Groups from the one at the back to the one at the front, and each row's. */
export interface Grouped {
  readonly groups: readonly PointGroup[];
  readonly of: Uint8Array<ArrayBuffer>;
}

interface Rows {
  readonly documents: number;
  readonly queries: number;
}

type Look = Omit<PointGroup, 'count'>;

function grouped(looks: readonly Look[], of: Uint8Array<ArrayBuffer>): Grouped {
  const counts = new Uint32Array(looks.length);
  for (const group of of) counts[group]!++;
  return { groups: looks.map((look, index) => ({ ...look, count: counts[index]! })), of };
}

function byRow({ documents, queries }: Rows, group: (row: number) => number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: documents + queries }, (_, row) => group(row));
}

/** @param query row of the chosen query among the queries; null for none @param relevant rows of documents */
export function relevanceGroups(rows: Rows, query: number | null, relevant: readonly number[]): Grouped {
  const found = new Set(relevant);
  return grouped(
    [
      { name: 'other documents', colour: 'var(--axis)', shape: 'disc', radius: 2.5 },
      { name: 'other queries', colour: 'var(--axis)', shape: 'diamond', radius: 3.5 },
      { name: 'relevant to the query', colour: 'var(--ce)', shape: 'disc', radius: 5 },
      { name: 'the query', colour: 'var(--accent)', shape: 'diamond', radius: 7 },
    ],
    byRow(rows, (row) => {
      if (row < rows.documents) return found.has(row) ? 2 : 0;
      return row - rows.documents === query ? 3 : 1;
    }),
  );
}

export function kindGroups(rows: Rows): Grouped {
  return grouped(
    [
      { name: 'documents', colour: 'var(--de)', shape: 'disc', radius: 3 },
      { name: 'queries', colour: 'var(--ce)', shape: 'diamond', radius: 4.5 },
    ],
    byRow(rows, (row) => (row < rows.documents ? 0 : 1)),
  );
}

/** @param clusters of each row */
export function clusterGroups(rows: Rows, clusters: Uint8Array): Grouped {
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const looks = Array.from({ length: count }, (_, cluster): Look[] => [
    { name: `cluster ${cluster + 1}`, colour: runStyle(cluster).colour, shape: 'disc', radius: 3 },
    {
      name: `queries of cluster ${cluster + 1}`,
      colour: runStyle(cluster).colour,
      shape: 'diamond',
      radius: 4.5,
    },
  ]);
  return grouped(
    looks.flat(),
    byRow(rows, (row) => 2 * clusters[row]! + (row < rows.documents ? 0 : 1)),
  );
}
