import { Figure } from '../../../components/chart/Figure.tsx';
import { HeatMap } from '../../../components/chart/HeatMap.tsx';
import { modelKinds, series } from '../../../components/chart/series.ts';
import { similarityRows } from '../../../lab/explore/gridTable.ts';
import type { SeenPair } from '../../../lab/explore/seenPair.ts';
import { type SimilarityGrid, similarityGrid } from '../../../lab/explore/tokenGrid.ts';
import type { Cell, Table } from '../../../lab/formats/table.ts';
import type { ModelKind } from '../../../lab/models/types.ts';
import { layerLabel } from '../../../lab/report/curves.ts';
import type { PairFigureProps } from './pairFigure.ts';

/** Which tokens of the two texts are alike at a layer, and what MaxSim takes of them. */
export function SimilarityFigure({ seen, layer, joined, embed }: PairFigureProps) {
  const grids = modelKinds.map((kind) => ({ kind, grid: gridOf(seen, kind, layer, joined) }));
  return (
    <Figure
      embed={embed}
      title={`Which ${joined ? 'words' : 'tokens'} are alike, layer ${layerLabel(layer)}`}
      caption={`Cosine of each ${joined ? 'word' : 'token'} of the query, a row, with each of the document’s, a column; each text is read by itself, by the CE paired with itself, of which the first copy is shown. The largest of a row is framed; what the row adds to MaxSim stands behind it.${joined ? ' Between words stands the mean over the query word’s pieces of the largest cosine.' : ''}`}
      entries={[]}
      legend={null}
      data={tableOf(grids, layer)}
      json={jsonOf(seen, grids, layer)}
      readable
    >
      {grids.map(({ kind, grid }) =>
        grid ? (
          <SimilarityMap key={kind} kind={kind} grid={grid} />
        ) : (
          <p key={kind} className="quiet">
            The {kind.toUpperCase()} has no layer {layer}; its last is{' '}
            {seen.apart[kind].layers.at(-1)?.layer ?? 0}.
          </p>
        ),
      )}
    </Figure>
  );
}

function gridOf(seen: SeenPair, kind: ModelKind, layer: number, joined: boolean): SimilarityGrid | null {
  const found = seen.apart[kind].layers.find((one) => one.layer === layer);
  return found ? similarityGrid(seen.apart[kind], found, joined) : null;
}

function SimilarityMap({ kind, grid }: { readonly kind: ModelKind; readonly grid: SimilarityGrid }) {
  if (grid.rows.length === 0 || grid.columns.length === 0) {
    return <p className="quiet">The {kind.toUpperCase()} has no tokens to compare; MaxSim is 0.</p>;
  }
  return (
    <HeatMap
      title={`${series[kind].name}, MaxSim ${grid.score.toFixed(3)}`}
      rows={grid.rows}
      columns={grid.columns}
      values={grid.values}
      unit="cosine"
      colour={series[kind].colour}
      format={(value) => value.toFixed(2)}
      framed={grid.best}
      behind={grid.parts.map((part) => part.toFixed(3))}
    />
  );
}

type Grids = readonly { readonly kind: ModelKind; readonly grid: SimilarityGrid | null }[];

function tableOf(grids: Grids, layer: number): Table {
  const rows: Cell[][] = [];
  for (const { kind, grid } of grids) {
    if (grid) rows.push(...similarityRows(kind.toUpperCase(), grid, rows.length + 1));
  }
  return {
    caption: `Similarity of tokens at layer ${layerLabel(layer)}`,
    columns: ['cell', 'model', 'query', 'document', 'cosine', 'adds to MaxSim'],
    rows,
  };
}

function jsonOf({ texts, models }: SeenPair, grids: Grids, layer: number): unknown {
  const plain = (grid: SimilarityGrid | null): unknown =>
    grid ? { ...grid, values: [...grid.values] } : null;
  return { texts, models, layer, ...Object.fromEntries(grids.map(({ kind, grid }) => [kind, plain(grid)])) };
}
