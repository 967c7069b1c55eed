import { useId } from 'react';
import { bytes } from '../../../base/units.ts';
import { nanoBytes } from '../../../lab/data/hub/expect.ts';
import { nanoDatasetsOf, withNanoBeir } from '../../../lab/data/hub/hubDatasets.ts';
import { nanoBeir, nanoBeirRepository } from '../../../lab/data/hub/nanoBeir.ts';
import { inFull, isFull } from '../../../lab/spec/editDatasets.ts';
import { useSettings } from '../../../state/settings.ts';

const documents = nanoBeir.reduce((sum, one) => sum + one.documents, 0);
const download = nanoBeir.reduce((sum, one) => sum + nanoBytes(one), 0);

/** The thirteen collections of NanoBEIR as one choice. */
export function NanoBeirField() {
  const { spec, change } = useSettings();
  const id = useId();
  const own = nanoDatasetsOf(spec);
  const taken = own.length > 0;
  const sampled = taken && !isFull({ ...spec, datasets: own });
  return (
    <div className="nano-beir">
      <label className="check">
        <input
          type="checkbox"
          checked={taken}
          disabled={taken && own.length === spec.datasets.length}
          aria-describedby={id}
          onChange={(event) => change((was) => withNanoBeir(was, event.target.checked))}
        />
        NanoBEIR, {nanoBeir.length} collections
      </label>
      <p className="quiet" id={id}>
        50 queries each, {documents.toLocaleString('en')} documents in all, in English. Downloads about{' '}
        {bytes(download)}. Licence: CC BY 4.0.{' '}
        <a href={`https://huggingface.co/datasets/${nanoBeirRepository}`} target="_blank" rel="noreferrer">
          Source of NanoBEIR
        </a>
        .
      </p>
      {sampled ? (
        <p className="warning">
          A sample of the documents makes search easier: figures compare with others’ only in full.{' '}
          <button type="button" className="small" onClick={() => change(inFull)}>
            Take all documents
          </button>
        </p>
      ) : null}
    </div>
  );
}
