import { useEffect } from 'react';
import { bytes } from '../../base/units.ts';
import { Problem } from '../../components/Problem.tsx';
import { cancelKeeping, dropOffline, keepOffline, lookOffline, useOffline } from '../../state/offline.ts';
import { RoomFor } from '../RoomFor.tsx';

/** Keeps the runtimes, the bundled models and the collections, so that the lab works without a network. */
export function OfflineCopy() {
  const { kept, keeping, sentence } = useOffline();
  useEffect(() => void lookOffline(), []);
  return (
    <section className="card" aria-labelledby="offline-title">
      <h2 id="offline-title">Without a network</h2>
      {kept.status === 'failed' ? <p className="quiet">{kept.sentence}</p> : null}
      {kept.status === 'ready' ? (
        <>
          <p>
            The page itself is kept after the first visit. Its runtimes, models, collections and training
            pairs are kept when you ask for it, and then a whole run needs no network.
          </p>
          {keeping ? (
            <Keeping {...keeping} />
          ) : (
            <Offer
              missing={kept.value.missing.reduce((sum, file) => sum + file.bytes, 0)}
              held={kept.value.bytes}
            />
          )}
        </>
      ) : null}
      {sentence ? <Problem>{sentence}</Problem> : null}
    </section>
  );
}

function Keeping({ done, total }: { readonly done: number; readonly total: number }) {
  return (
    <p>
      <progress value={done} max={total} aria-label="Files kept" /> {bytes(done)} of {bytes(total)}{' '}
      <button type="button" className="small" onClick={cancelKeeping}>
        Cancel
      </button>
    </p>
  );
}

function Offer({ missing, held }: { readonly missing: number; readonly held: number }) {
  return (
    <>
      <p role="status">
        {missing === 0
          ? `Everything is kept (${bytes(held)}): the lab works without a network.`
          : `${bytes(missing)} are to be fetched${held > 0 ? `; ${bytes(held)} are kept` : ''}.`}
      </p>
      {missing > 0 ? <RoomFor bytes={missing} whole={true} /> : null}
      {missing > 0 ? (
        <button type="button" onClick={() => void keepOffline()}>
          Keep for use without a network
        </button>
      ) : null}
      {held > 0 ? (
        <button type="button" onClick={() => void dropOffline()}>
          Give the room back
        </button>
      ) : null}
    </>
  );
}
