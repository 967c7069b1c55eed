import { useId } from 'react';
import { bytes } from '../../../base/units.ts';
import type { HubEntry } from '../../../lab/data/hub/entries.ts';
import { downloadBytes } from '../../../lab/data/hub/expect.ts';
import { datasetOf, withEntry } from '../../../lab/data/hub/hubDatasets.ts';
import { sharedSample } from '../../../lab/spec/editDatasets.ts';
import { useSettings } from '../../../state/settings.ts';

/** One of the paper's collections: what it is, what of it is downloaded, and whether it is taken. */
export function EntryField({ entry }: { readonly entry: HubEntry }) {
  const { spec, change } = useSettings();
  const id = useId();
  const { title, made, licence, link, layout } = entry;
  const dataset = datasetOf(spec, entry);
  return (
    <>
      {layout.kind === 'dropped' ? (
        <strong>{title}</strong>
      ) : (
        <label className="check">
          <input
            type="checkbox"
            checked={dataset !== undefined}
            disabled={dataset !== undefined && spec.datasets.length === 1}
            aria-describedby={id}
            onChange={(event) => change((was) => withEntry(was, entry, event.target.checked))}
          />
          {title}
        </label>
      )}
      <p className="quiet" id={id}>
        {sizeOf(entry)}. {made} Licence: {licence}.{' '}
        <a href={link} target="_blank" rel="noreferrer" aria-label={`Source of ${title}`}>
          Source
        </a>
        .{' '}
        {layout.kind === 'dropped'
          ? layout.download
          : downloadOf(entry, {
              queries: sharedSample(spec.datasets, 'queries') ?? null,
              documents: sharedSample(spec.datasets, 'documents') ?? null,
            })}
      </p>
    </>
  );
}

function sizeOf({ layout, size }: HubEntry): string {
  const count = (number: number): string => number.toLocaleString('en');
  return layout.kind === 'pairs'
    ? `${count(size.queries)} pairs`
    : `${count(size.queries)} queries, ${count(size.documents)} documents`;
}

function downloadOf(entry: HubEntry, sample: Parameters<typeof downloadBytes>[1]): string {
  const needed = downloadBytes(entry, sample);
  if (needed === null || entry.size.bytes === null) return 'The size of the download is not known.';
  return needed < entry.size.bytes
    ? `The sample downloads about ${bytes(needed)} of ${bytes(entry.size.bytes)}.`
    : `Downloads about ${bytes(needed)}.`;
}
