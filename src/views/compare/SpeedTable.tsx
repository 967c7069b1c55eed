import { DataTable } from '../../components/DataTable.tsx';
import type { Table } from '../../lab/formats/table.ts';
import type { SpeedRow } from '../../lab/report/report.ts';

/** Speed and size of each system that encodes. */
export function SpeedTable({ rows }: { readonly rows: readonly SpeedRow[] }) {
  const [first] = rows;
  if (!first) return null;
  return (
    <>
      <DataTable table={tableOf(rows)} />
      <p className="quiet">
        Medians of {first.rounds} rounds over up to {Math.max(...rows.map(({ texts }) => texts))} of a
        collection’s own documents, in batches of 32 of near-equal length, warm, the systems taking turns
        batch by batch, on {first.backend === 'webgpu' ? 'WebGPU' : 'WebAssembly'}. Speedup is the time of the
        reference by that of the system, round by round. A query: tokenised and encoded alone; its search, the
        same for all, is not in it. The index is one float32 vector a document.
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
      row.system,
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
