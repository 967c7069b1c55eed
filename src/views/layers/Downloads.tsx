import { bytes } from '../../base/units.ts';
import { useRun } from '../../state/run.ts';
import { forgetDownload, useStorage } from '../../state/storage.ts';
import { HubFields } from './HubFields.tsx';

/** Models and sampled collections of the hub that this browser stores, and which hub they come from. */
export function Downloads() {
  const stored = useStorage((state) => state.stored);
  const running = useRun((state) => state.run.status === 'running');
  const downloads = stored.status === 'ready' ? stored.value.downloads : [];
  const total = downloads.reduce((sum, model) => sum + model.bytes, 0);
  return (
    <section className="card storage" aria-labelledby="downloads-title">
      <h2 id="downloads-title">Downloads</h2>
      <p>
        {downloads.length === 0
          ? 'Nothing from the hub is stored. '
          : `${bytes(total)} from the hub are stored. `}
        Downloaded files are checked and reused, even offline; an interrupted download resumes where it
        stopped.
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
                    {file.whole ? '' : ', incomplete'}
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
