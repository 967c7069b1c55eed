import { bytes } from '../../base/units.ts';
import { useRun } from '../../state/run.ts';
import { forgetDownload, useStorage } from '../../state/storage.ts';
import { HubFields } from './HubFields.tsx';

/** What this browser keeps of the hub, models and collections as they were sampled, and which hub they come from. */
export function Downloads() {
  const stored = useStorage((state) => state.stored);
  const running = useRun((state) => state.run.status === 'running');
  const downloads = stored.status === 'ready' ? stored.value.downloads : [];
  const total = downloads.reduce((sum, model) => sum + model.bytes, 0);
  return (
    <section className="card storage" aria-labelledby="downloads-title">
      <h2 id="downloads-title">Downloads</h2>
      <p>
        {downloads.length === 0 ? 'Nothing of the hub is kept. ' : `${bytes(total)} of the hub are kept. `}A
        file that was downloaded is checked and kept for the next run, also without a network; one that was
        broken off goes on where it was.
      </p>
      <ul className="plain">
        {downloads.map(({ repository, commit, revisions, files, bytes: size }) => (
          <li key={`${repository} ${commit}`}>
            <details>
              <summary>
                {repository}@{revisions.join(', ') || commit.slice(0, 12)}: {bytes(size)}
              </summary>
              <p className="quiet">Commit {commit}</p>
              <ul>
                {files.map((file) => (
                  <li key={file.path}>
                    {file.path}: {bytes(file.bytes)}
                    {file.whole ? '' : ', not all of it'}
                  </li>
                ))}
              </ul>
            </details>
            <button
              type="button"
              className="small"
              disabled={running}
              aria-label={`Remove ${repository}`}
              onClick={() => void forgetDownload(repository, commit)}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <HubFields />
    </section>
  );
}
