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
        which is the same for all. {sameReading(rows)}
        The index holds one float32 vector per document.
      </p>
    </>
  );
}

/** What keeps a system from seeming quick because it reads less of each text. */
function sameReading(rows: readonly SpeedRow[]): string {
  if (rows.some(({ leftOut }) => leftOut === undefined)) {
    return 'This report timed texts that some system cuts with the others, so that a speedup may be in part of reading less. ';
  }
  const most = Math.max(...rows.map(({ leftOut = 0 }) => leftOut));
  return most === 0
    ? ''
    : `Texts that some system cuts are not timed, so that all read the same: up to ${Math.ceil(100 * most)} % of a collection. `;
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
