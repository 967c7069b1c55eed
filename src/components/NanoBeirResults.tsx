import { downloadZip } from 'client-zip';
import { mtebFiles, nanoBeirTable } from '../lab/report/mteb.ts';
import type { Report } from '../lab/report/report.ts';
import { DataTable } from './DataTable.tsx';
import { download } from './download.ts';

/** A report's nDCG@10 on NanoBEIR, and its results as others' tools read them; nothing without NanoBEIR. */
export function NanoBeirResults({ report }: { readonly report: Report }) {
  const table = nanoBeirTable(report);
  if (!table) return null;
  const save = async (): Promise<void> => {
    const files = mtebFiles(report).map(({ path, text }) => ({ name: path, input: text }));
    download('nanobeir-results.zip', await downloadZip(files).blob());
  };
  return (
    <section aria-labelledby="nano-beir-title">
      <h3 id="nano-beir-title">NanoBEIR</h3>
      <p>
        nDCG@10, as NanoBEIR is reported. The file holds each system’s results as JSON that MTEB’s tools read,
        and this table in Markdown for a model card.
      </p>
      <DataTable table={table} />
      <button type="button" className="small" onClick={() => void save()}>
        Save results for MTEB
      </button>
    </section>
  );
}
