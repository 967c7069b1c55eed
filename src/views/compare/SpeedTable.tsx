import { backendNames } from '../../components/backendNames.ts';
import { DataTable } from '../../components/DataTable.tsx';
import type { Table } from '../../lab/formats/table.ts';
import type { SpeedRow } from '../../lab/report/report.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';

/** Speed and size of each system that encodes. */
export function SpeedTable({ rows }: { readonly rows: readonly SpeedRow[] }) {
  const [first] = rows;
  if (!first) return null;
  return (
    <>
      <DataTable table={tableOf(rows)} />
      <p className="quiet">
        Medians of {first.rounds} rounds over up to {Math.max(...rows.map(({ texts }) => texts))} of a
        collection’s own documents, in warm batches of 32 of similar length, the systems taking turns batch by
        batch, on {backendNames[first.backend] ?? first.backend}. Speedup is the reference’s time divided by
        the system’s, round by round. Query times cover tokenising and encoding one query, not the search,
        which is the same for all. The index holds one float32 vector per document.
      </p>
    </>
  );
}

function tableOf(rows: readonly SpeedRow[]): Table {
  return {
    caption: 'Encoding speed and size',
    columns: [
      'collection',
      'system',
      'texts/s',
      'speedup',
      'texts/s, model alone',
      'speedup, model alone',
      'query, median ms',
      'query, 95th ms',
      'parameters (million)',
      'file (MB)',
      'index (MB)',
    ],
    rows: rows.map((row) => [
      row.dataset,
      systemLabel(row.system),
      Math.round(row.textsPerSecond),
      row.speedup,
      Math.round(row.encoderTextsPerSecond),
      row.encoderSpeedup,
      row.queryMilliseconds[0],
      row.queryMilliseconds[1],
      row.parameters / 1e6,
      row.bytes / 1e6,
      row.indexBytes / 1e6,
    ]),
  };
}
