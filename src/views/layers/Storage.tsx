import promises from '../../../docs/promises.md?url';
import { bytes } from '../../base/units.ts';
import { Problem } from '../../components/Problem.tsx';
import { askToKeep, usePersistence } from '../../state/persistence.ts';
import { useRun } from '../../state/run.ts';
import { clearStorage, useStorage } from '../../state/storage.ts';

/** What the browser keeps, and a way to clear it. */
export function Storage() {
  const stored = useStorage((state) => state.stored);
  const running = useRun((state) => state.run.status === 'running');
  return (
    <section className="card storage" aria-labelledby="storage-title">
      <h2 id="storage-title">Stored embeddings</h2>
      {stored.status === 'loading' ? <p>Looking…</p> : null}
      {stored.status === 'failed' ? <Problem>{stored.sentence}</Problem> : null}
      {stored.status === 'ready' ? (
        <>
          <p>
            {stored.value.stores.length === 0
              ? 'Nothing is stored. '
              : `${bytes(stored.value.bytes)} in ${stored.value.stores.length} ${stored.value.stores.length === 1 ? 'file' : 'files'}. `}
            Texts already embedded with the same model and options are not embedded again, even after a
            reload.
          </p>
          {stored.value.stores.length > 0 ? (
            <>
              <ul className="plain">
                {stored.value.stores.map((store) => (
                  <li key={store.description}>
                    {store.description}: {store.texts} texts, {bytes(store.bytes)}
                  </li>
                ))}
              </ul>
              <button type="button" disabled={running} onClick={() => void clearStorage()}>
                Clear stored embeddings
              </button>
            </>
          ) : null}
        </>
      ) : null}
      <Promised />
    </section>
  );
}

/** Whether what is stored stays, and what happens to it when something breaks. */
function Promised() {
  const promised = usePersistence((state) => state.promised);
  return (
    <>
      {promised === null ? null : (
        <p className="quiet">
          {promised
            ? 'The browser has promised to keep what the lab stores.'
            : 'The browser may clear what the lab stores when disk space runs short; some do after days without a visit, and private windows when they close.'}
        </p>
      )}
      <div className="button-row">
        {promised === false ? (
          <button type="button" className="small" onClick={() => void askToKeep(true)}>
            Ask the browser to keep it
          </button>
        ) : null}
        <a href={promises}>What is kept when something breaks</a>
      </div>
    </>
  );
}
